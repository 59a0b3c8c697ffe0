import { utf8ToBytes } from "@noble/ciphers/utils.js";

/** The options of `TextDecoder` that are used here. */
interface StrictDecoding {
  readonly fatal: true;
  readonly ignoreBOM: true;
}

/** Read at each call: test environments add and remove globals. */
const platform = globalThis as unknown as {
  readonly TextEncoder?: unknown;
  readonly TextDecoder: new (encoding: "utf-8", options: StrictDecoding) => { decode(bytes: Uint8Array): string };
};

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
  const decode = strictDecoder();
  try {
    return decode(bytes);
  } catch {
    return undefined;
  }
}

/** Returns a decoder that throws if the bytes are not UTF-8. */
function strictDecoder(): (bytes: Uint8Array) => string {
  try {
    const decoder = new platform.TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return (bytes) => decoder.decode(bytes);
  } catch {
    // React Native may have no `TextDecoder`, or a replacement that cannot be strict.
    return decodePercentEncoded;
  }
}

/** Decodes UTF-8 without `TextDecoder`: slower, and with the same results. Throws if the bytes are not UTF-8. */
function decodePercentEncoded(bytes: Uint8Array): string {
  return decodeURIComponent(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""));
}

/** Encodes UTF-8 without `TextEncoder`, which Jest with jsdom does not have. Slower, and with the same results. */
function encodePercentEncoded(text: string): Uint8Array {
  const escaped = encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\uFFFD"));
  const bytes = escaped.match(/%..|./g) ?? [];
  return Uint8Array.from(bytes, (part) => (part.length > 1 ? Number.parseInt(part.slice(1), 16) : part.charCodeAt(0)));
}
