/** Code units with a meaning in JSON. */
export const jsonUnits = {
  quotationMark: 0x22,
  comma: 0x2c,
  leftBracket: 0x5b,
  backslash: 0x5c,
  rightBracket: 0x5d,
  leftBrace: 0x7b,
  rightBrace: 0x7d,
} as const;

/**
 * Returns the index of the closing quotation mark of a string in a JSON text, or at least the length of the text if the string
 * does not end.
 *
 * @param start index of the opening quotation mark.
 * @example
 * endOfString('["a","b"]', 1); // 3
 */
export function endOfString(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === jsonUnits.quotationMark) break;
    if (unit === jsonUnits.backslash) at += 1;
  }
  return at;
}
