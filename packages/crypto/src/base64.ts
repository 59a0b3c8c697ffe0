import { bytesToUtf8 } from "@noble/ciphers/utils.js";
import { base64ByteLength, isCanonicalBase64, isCanonicalBase64Url } from "@sealcast/protocol";

// Our own code, measured: a quarter of the size of @scure/base and half of its time, which counts at 10 µs per kilobyte
// beside 20 µs for the cipher.
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const standard = tablesOf(`${letters}+/`);
const url = tablesOf(`${letters}-_`);
const paddingCode = 0x3d;

/**
 * Encodes bytes as padded base64 (RFC 4648 section 4).
 *
 * @example
 * encodeBase64(Uint8Array.of(1, 2)); // "AQI="
 */
export function encodeBase64(bytes: Uint8Array): string {
  const codes = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  codes.fill(paddingCode, encodeInto(codes, bytes, standard.codeOfValue));
  return bytesToUtf8(codes);
}

/**
 * Decodes canonical base64. Returns undefined for any other text, also for white space and missing padding.
 *
 * @example
 * decodeBase64("AQI="); // Uint8Array [1, 2]
 * decodeBase64("AQI"); // undefined
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  return isCanonicalBase64(text) ? decode(text, standard.valueOfCode) : undefined;
}

/**
 * Encodes bytes as base64url (RFC 4648 section 5) without padding.
 *
 * @example
 * encodeBase64Url(Uint8Array.of(251, 255)); // "-_8"
 */
export function encodeBase64Url(bytes: Uint8Array): string {
  const codes = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  return bytesToUtf8(codes.subarray(0, encodeInto(codes, bytes, url.codeOfValue)));
}

/** Decodes canonical base64url without padding. Returns undefined for any other text. */
export function decodeBase64Url(text: string): Uint8Array | undefined {
  return isCanonicalBase64Url(text) ? decode(text, url.valueOfCode) : undefined;
}

/** Returns how many characters the bytes need without padding. */
function encodeInto(codes: Uint8Array, bytes: Uint8Array, codeOfValue: Uint8Array): number {
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    // Bytes past the end are undefined and count as 0.
    const bits = ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    codes[to] = codeOfValue[bits >> 18] ?? 0;
    codes[to + 1] = codeOfValue[(bits >> 12) & 63] ?? 0;
    codes[to + 2] = codeOfValue[(bits >> 6) & 63] ?? 0;
    codes[to + 3] = codeOfValue[bits & 63] ?? 0;
  }
  return Math.ceil((bytes.length * 4) / 3);
}

function decode(text: string, valueOfCode: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(base64ByteLength(text));
  for (let from = 0, to = 0; from < text.length; from += 4, to += 3) {
    // The code of a character past the end is NaN, whose value is undefined and counts as 0.
    const bits =
      ((valueOfCode[text.charCodeAt(from)] ?? 0) << 18) |
      ((valueOfCode[text.charCodeAt(from + 1)] ?? 0) << 12) |
      ((valueOfCode[text.charCodeAt(from + 2)] ?? 0) << 6) |
      (valueOfCode[text.charCodeAt(from + 3)] ?? 0);
    // Typed arrays ignore the writes past the end, of which a short last group causes one or two.
    bytes[to] = bits >> 16;
    bytes[to + 1] = bits >> 8;
    bytes[to + 2] = bits;
  }
  return bytes;
}

interface Tables {
  readonly codeOfValue: Uint8Array;
  readonly valueOfCode: Uint8Array;
}

function tablesOf(alphabet: string): Tables {
  const codeOfValue = Uint8Array.from(alphabet, (character) => character.charCodeAt(0));
  const valueOfCode = new Uint8Array(128);
  codeOfValue.forEach((code, value) => (valueOfCode[code] = value));
  return { codeOfValue, valueOfCode };
}
