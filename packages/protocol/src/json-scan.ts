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

/** Index of the closing quotation mark of the string that begins at `start`. */
export function endOfString(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === jsonUnits.quotationMark) break;
    if (unit === jsonUnits.backslash) at += 1;
  }
  return at;
}
