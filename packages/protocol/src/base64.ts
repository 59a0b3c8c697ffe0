/** Last characters whose four (after one byte) or two (after two bytes) unused bits are zero. */
const lastOfOneByte = "AQgw";
const lastOfTwoBytes = "AEIMQUYcgkosw048";

/**
 * Returns whether a text is canonical base64 (RFC 4648 section 4): padded, without white space, and with zeros as the
 * unused bits of the last character. Each byte string has exactly one canonical text.
 *
 * @example
 * isCanonicalBase64("AQI="); // true
 * isCanonicalBase64("AQI"); // false: no padding
 */
export function isCanonicalBase64(text: string): boolean {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return false;
  return hasZeroUnusedBits(text.replace(/=+$/, ""));
}

/** Returns whether a text is canonical base64url (RFC 4648 section 5) without padding. */
export function isCanonicalBase64Url(text: string): boolean {
  return text.length % 4 !== 1 && /^[A-Za-z0-9_-]*$/.test(text) && hasZeroUnusedBits(text);
}

/** Returns the number of bytes that a canonical base64 or base64url text encodes. */
export function base64ByteLength(text: string): number {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return Math.floor(((text.length - padding) * 3) / 4);
}

function hasZeroUnusedBits(unpadded: string): boolean {
  const last = unpadded.charAt(unpadded.length - 1);
  if (unpadded.length % 4 === 2) return lastOfOneByte.includes(last);
  return unpadded.length % 4 !== 3 || lastOfTwoBytes.includes(last);
}
