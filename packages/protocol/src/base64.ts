/**
 * Whether a text is canonical base64 (RFC 4648 section 4): padded, no white space, the unused bits of the last
 * character zero, so that each byte string has exactly one text.
 */
export function isCanonicalBase64(text: string): boolean {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return false;
  if (text.endsWith("==")) return "AQgw".includes(text.charAt(text.length - 3));
  if (text.endsWith("=")) return "AEIMQUYcgkosw048".includes(text.charAt(text.length - 2));
  return true;
}

/** Number of bytes that a canonical base64 text stands for. */
export function base64ByteLength(text: string): number {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}
