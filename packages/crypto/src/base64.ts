import { bytesToUtf8 } from "@noble/ciphers/utils.js";
import { base64ByteLength, isCanonicalBase64 } from "@sealcast/protocol";

// Our own code, measured: a quarter of the size of @scure/base and half of its time, which counts at 10 µs per kilobyte
// beside 20 µs for the cipher.
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const codeOfValue = Uint8Array.from(alphabet, (character) => character.charCodeAt(0));
const valueOfCode = new Uint8Array(128);
codeOfValue.forEach((code, value) => (valueOfCode[code] = value));
const paddingCode = 0x3d;

/** Encodes bytes as padded base64 (RFC 4648 section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  const length = bytes.length;
  const codes = new Uint8Array(Math.ceil(length / 3) * 4);
  for (let from = 0, to = 0; from < length; from += 3, to += 4) {
    // Bytes past the end are undefined and count as 0.
    const bits = ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    codes[to] = codeOfValue[bits >> 18] ?? 0;
    codes[to + 1] = codeOfValue[(bits >> 12) & 63] ?? 0;
    codes[to + 2] = codeOfValue[(bits >> 6) & 63] ?? 0;
    codes[to + 3] = codeOfValue[bits & 63] ?? 0;
  }
  const padding = (3 - (length % 3)) % 3;
  codes.fill(paddingCode, codes.length - padding);
  return bytesToUtf8(codes);
}

/** Decodes canonical base64. Returns undefined for any other text, also for white space and missing padding. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (!isCanonicalBase64(text)) return undefined;
  const bytes = new Uint8Array(base64ByteLength(text));
  for (let from = 0, to = 0; from < text.length; from += 4, to += 3) {
    const bits =
      ((valueOfCode[text.charCodeAt(from)] ?? 0) << 18) |
      ((valueOfCode[text.charCodeAt(from + 1)] ?? 0) << 12) |
      ((valueOfCode[text.charCodeAt(from + 2)] ?? 0) << 6) |
      (valueOfCode[text.charCodeAt(from + 3)] ?? 0);
    // Padding causes one or two writes past the end, which typed arrays ignore.
    bytes[to] = bits >> 16;
    bytes[to + 1] = bits >> 8;
    bytes[to + 2] = bits;
  }
  return bytes;
}
