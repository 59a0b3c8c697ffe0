import { bytesToUtf8, utf8ToBytes } from "@noble/ciphers/utils.js";
import { constantTimeEqual } from "./constant-time-equal.ts";

const byteOrderMark = "\uFEFF";

/** Encodes text as UTF-8; a lone surrogate becomes U+FFFD, as in every server library. */
export function encodeUtf8(text: string): Uint8Array {
  return utf8ToBytes(text);
}

/** Decodes UTF-8 and keeps a byte order mark; undefined where the bytes are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  // The platform's decoder drops the mark and replaces what is invalid by U+FFFD.
  const text = hasMark ? byteOrderMark + bytesToUtf8(bytes) : bytesToUtf8(bytes);
  return !text.includes("\uFFFD") || constantTimeEqual(encodeUtf8(text), bytes) ? text : undefined;
}
