import { bytesToUtf8 } from "@noble/ciphers/utils.js";
import { base64ByteLength, isCanonicalBase64 } from "@sealcast/protocol";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const codeOfValue = Uint8Array.from(alphabet, (character) => character.charCodeAt(0));
const valueOfCode = new Uint8Array(128);
codeOfValue.forEach((code, value) => (valueOfCode[code] = value));
const paddingCode = 0x3d;

/** Writes bytes as padded base64 (RFC 4648 section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  const codes = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(paddingCode);
  let at = 0;
  for (let index = 0; index < bytes.length; index += 3) {
    const bits = (byteAt(bytes, index) << 16) | (byteAt(bytes, index + 1) << 8) | byteAt(bytes, index + 2);
    const characters = Math.min(bytes.length - index, 3) + 1;
    for (let shift = 18; shift > 18 - 6 * characters; shift -= 6) {
      codes[at] = byteAt(codeOfValue, (bits >> shift) & 63);
      at += 1;
    }
    at += 4 - characters;
  }
  return bytesToUtf8(codes);
}

/** Reads canonical base64; undefined for any other text, white space and missing padding included. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (!isCanonicalBase64(text)) return undefined;
  const bytes = new Uint8Array(base64ByteLength(text));
  let at = 0;
  for (let index = 0; index < text.length; index += 4) {
    const bits =
      (valueAt(text, index) << 18) |
      (valueAt(text, index + 1) << 12) |
      (valueAt(text, index + 2) << 6) |
      valueAt(text, index + 3);
    // Writes past the end, which only padding causes, are ignored by typed arrays.
    bytes[at] = bits >> 16;
    bytes[at + 1] = bits >> 8;
    bytes[at + 2] = bits;
    at += 3;
  }
  return bytes;
}

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

function valueAt(text: string, index: number): number {
  return valueOfCode[text.charCodeAt(index)] ?? 0;
}
