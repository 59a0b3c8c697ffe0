import { hmac } from "@noble/hashes/hmac.js";
import { md5 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { constantTimeEqual } from "./constant-time-equal.ts";
import { encodeUtf8 } from "./utf8.ts";

/** Signs a message: HMAC-SHA-256 with the app secret, as 64 lower-case hex digits. */
export function sign(secret: string, message: string | Uint8Array): string {
  return bytesToHex(hmac(sha256, encodeUtf8(secret), toBytes(message)));
}

/** Whether a signature is that of this message under this secret, compared in constant time. */
export function verify(secret: string, message: string | Uint8Array, signature: string): boolean {
  return constantTimeEqual(sign(secret, message), signature);
}

/** `body_md5` of a request to the HTTP API, as lower-case hex. The protocol fixes MD5; the signature covers it. */
export function bodyMd5(body: string): string {
  return bytesToHex(md5(encodeUtf8(body)));
}

function toBytes(message: string | Uint8Array): Uint8Array {
  return typeof message === "string" ? encodeUtf8(message) : message;
}
