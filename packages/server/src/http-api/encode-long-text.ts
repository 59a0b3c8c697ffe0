import type { Turns } from "../core/turns.ts";

/** Length of the part that is encoded in one turn of the event loop, in UTF-16 units. */
const partLength = 256 * 1_024;

/** Returns a text as `JSON.stringify` encodes it. Encodes one part after another, each in a turn of the event loop. */
export async function encodeLongText(text: string, turns: Turns): Promise<string> {
  let encoded = '"';
  for (let start = 0; start < text.length;) {
    await turns.next();
    const end = endOfPart(text, start);
    encoded += JSON.stringify(text.slice(start, end)).slice(1, -1);
    start = end;
  }
  return `${encoded}"`;
}

/** Where the part that begins at `start` ends: not between the two units of a character. */
function endOfPart(text: string, start: number): number {
  const end = start + partLength;
  return end < text.length && isHighSurrogate(text.charCodeAt(end - 1)) ? end - 1 : end;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
