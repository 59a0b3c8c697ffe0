import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { encodeBase64Url } from "../base64.ts";
import { checkLength } from "../cipher.ts";
import { encodeUtf8 } from "../utf8.ts";
import { lengthPrefixed, protocolLabel } from "./context.ts";

const nameBytes = 16;

/**
 * Returns the name on the wire of a channel whose name the server must not see: the prefix, `=` and 22 characters.
 *
 * @param nameKey 32 random bytes. It stays the same when ring keys rotate, or subscribers would lose the channel.
 * @param prefix prefix of a sealed channel, such as `private-sealed-`.
 * @param name the rest of the real name.
 * @throws {RangeError} if the name key is not 32 bytes.
 * @example
 * const wireName = blindedChannelName(nameKey, "private-sealed-", "orders"); // "private-sealed-=…"
 */
export function blindedChannelName(nameKey: Uint8Array, prefix: string, name: string): string {
  return `${prefix}=${blinded(nameKey, "name\0", prefix, name)}`;
}

/**
 * Returns the pseudonym of a user on one presence channel, 22 characters. It is another one on each channel.
 *
 * @param nameKey 32 random bytes.
 * @param channel name of the channel on the wire.
 * @throws {RangeError} if the name key is not 32 bytes.
 */
export function blindedUserId(nameKey: Uint8Array, channel: string, userId: string): string {
  return blinded(nameKey, "user\0", channel, userId);
}

function blinded(nameKey: Uint8Array, purpose: string, scope: string, name: string): string {
  checkLength("name key", nameKey, 32);
  const info = concatBytes(encodeUtf8(purpose), lengthPrefixed(scope), lengthPrefixed(name));
  return encodeBase64Url(expand(sha256, extract(sha256, nameKey, protocolLabel), info, nameBytes));
}
