import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { encodeUtf8 } from "./utf8.ts";

/**
 * How to derive the key of a channel from a master key. The official Node.js, PHP, Python, Ruby, Go and Java libraries use
 * `sha256`; the official .NET library uses `dotnet`.
 */
export type Derivation = "sha256" | "dotnet";

/** Length of a master key and of a channel key, in bytes. */
export const keyLengthBytes = 32;

/**
 * Derives the key of one channel, which the official libraries call its shared secret: `SHA-256(channel ‖ masterKey)`,
 * or `HMAC-SHA-256(masterKey, channel)` for `dotnet`.
 *
 * @param masterKey 32 bytes. Key rings check the length; this function accepts any length, as the official libraries do.
 * @param channel the full name, prefix included.
 * @param derivation default `sha256`.
 * @returns 32 bytes.
 * @example
 * const secret = deriveChannelKey(masterKey, "private-encrypted-orders");
 */
export function deriveChannelKey(
  masterKey: Uint8Array,
  channel: string,
  derivation: Derivation = "sha256",
): Uint8Array {
  const name = encodeUtf8(channel);
  return derivation === "dotnet" ? hmac(sha256, masterKey, name) : sha256(concatBytes(name, masterKey));
}
