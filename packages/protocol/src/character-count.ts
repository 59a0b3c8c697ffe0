/** Whether a text has more than `most` characters. A character is a Unicode code point: an emoji counts once. */
export function exceedsCharacters(text: string, most: number): boolean {
  return text.length > most && (text.length > 2 * most || characterCount(text) > most);
}

/** Returns the number of characters, which are Unicode code points, in a text. */
export function characterCount(text: string): number {
  // Half of each surrogate pair.
  let seconds = 0;
  for (let index = 1; index < text.length; index += 1) {
    if ((text.codePointAt(index - 1) ?? 0) > 0xffff) seconds += 1;
  }
  return text.length - seconds;
}
