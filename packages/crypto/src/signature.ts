import { hmac } from "@noble/hashes/hmac.js";
import { md5 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { encodeUtf8 } from "./utf8.ts";

/**
 * Signs a message with HMAC-SHA-256.
 *
 * @param secret the secret of the app, as text.
 * @param message for example what `channelStringToSign` of `@sealcast/protocol` returns.
 * @returns 64 lower-case hex digits.
 * @example
 * const auth = `${key}:${sign(secret, channelStringToSign(socketId, channel))}`;
 */
export function sign(secret: string, message: string | Uint8Array): string {
  return bytesToHex(hmac(sha256, encodeUtf8(secret), toBytes(message)));
}

/**
 * Returns the `body_md5` of a request to the HTTP API: the MD5 of the body in UTF-8, as 32 lower-case hex digits. The
 * protocol demands MD5; the request's signature covers it.
 */
export function bodyMd5(body: string): string {
  return bytesToHex(md5(encodeUtf8(body)));
}

function toBytes(message: string | Uint8Array): Uint8Array {
  return typeof message === "string" ? encodeUtf8(message) : message;
}
