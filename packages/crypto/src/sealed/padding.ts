/** How frames are padded, so that their length reveals less: not at all, by Padmé, or to a multiple of a number of bytes. */
export type Padding = "none" | "padme" | number;

/** Frames with Padmé are at least this long, in bytes. */
const minPaddedBytes = 64;

/**
 * Returns the length to which a frame of `bytes` bytes is padded.
 *
 * @throws {RangeError} if the padding is a number other than a whole one from 1 to 65,536.
 */
export function paddedLength(bytes: number, padding: Padding): number {
  if (padding === "none") return bytes;
  if (padding === "padme") return Math.max(padmeLength(bytes), minPaddedBytes);
  if (!Number.isInteger(padding) || padding < 1 || padding > 65_536) {
    throw new RangeError(`Invalid padding: expected "none", "padme" or 1 to 65536 bytes, got ${padding}`);
  }
  return Math.ceil(bytes / padding) * padding;
}

/**
 * Returns the Padmé length for a length of n bytes. It is at most 12% longer, and reveals only O(log log n) bits of n.
 * Source: Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019.
 */
export function padmeLength(bytes: number): number {
  if (bytes < 2) return bytes;
  const exponent = Math.floor(Math.log2(bytes));
  const mask = 2 ** (exponent - Math.floor(Math.log2(exponent)) - 1) - 1;
  return exponent < 2 ? bytes : Math.ceil(bytes / (mask + 1)) * (mask + 1);
}
