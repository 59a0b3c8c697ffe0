import { bytesToUtf8, equalBytes, utf8ToBytes } from "@noble/ciphers/utils.js";

const byteOrderMark = "\uFEFF";
/** Read at each call: test environments add and remove globals. */
const platform = globalThis as { readonly TextEncoder?: unknown; readonly TextDecoder?: unknown };

/**
 * Encodes text as UTF-8. A lone surrogate becomes U+FFFD, as in all server libraries. Also works on platforms without
 * `TextEncoder`.
 */
export function encodeUtf8(text: string): Uint8Array {
  return platform.TextEncoder === undefined ? encodePercentEncoded(text) : utf8ToBytes(text);
}

/**
 * Decodes UTF-8 and keeps a byte order mark. Returns undefined if the bytes are not UTF-8. Also works on platforms
 * without `TextDecoder`.
 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  if (platform.TextDecoder === undefined) return decodePercentEncoded(bytes);
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  // The platform's decoder removes the mark and replaces invalid bytes with U+FFFD.
  const text = hasMark ? byteOrderMark + bytesToUtf8(bytes) : bytesToUtf8(bytes);
  return !text.includes("\uFFFD") || equalBytes(utf8ToBytes(text), bytes) ? text : undefined;
}

/** Decodes UTF-8 without `TextDecoder`, which React Native may not have. Slower, and with the same results. */
function decodePercentEncoded(bytes: Uint8Array): string | undefined {
  try {
    return decodeURIComponent(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""));
  } catch {
    return undefined;
  }
}

/** Encodes UTF-8 without `TextEncoder`, which Jest with jsdom does not have. Slower, and with the same results. */
function encodePercentEncoded(text: string): Uint8Array {
  const escaped = encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\uFFFD"));
  const bytes = escaped.match(/%..|./g) ?? [];
  return Uint8Array.from(bytes, (part) => (part.length > 1 ? Number.parseInt(part.slice(1), 16) : part.charCodeAt(0)));
}
