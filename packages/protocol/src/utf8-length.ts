/** Node.js and Bun count a long text several times faster than a loop. */
const native = (globalThis as { readonly Buffer?: { byteLength(text: string): number } }).Buffer;
/** Length from which they are faster, in UTF-16 units, about. */
const longLength = 128;

/**
 * Returns the length of a text in bytes of UTF-8. A lone surrogate counts as three bytes: encoders replace it with U+FFFD.
 *
 * @example
 * utf8Length("é😀"); // 6
 */
export function utf8Length(text: string): number {
  return native === undefined || text.length < longLength ? countBytes(text) : native.byteLength(text);
}

function countBytes(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    if (unit < 0x800) {
      bytes += 1;
    } else if (unit >= 0xd800 && unit <= 0xdbff && isLowSurrogate(text.charCodeAt(index + 1))) {
      bytes += 2;
      index += 1;
    } else {
      bytes += 2;
    }
  }
  return bytes;
}

/** Returns whether a text is longer than `maxBytes` in UTF-8. It is fast: for most texts, `length` decides. */
export function exceedsBytes(text: string, maxBytes: number): boolean {
  if (text.length > maxBytes) return true;
  return text.length * 3 > maxBytes && utf8Length(text) > maxBytes;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
