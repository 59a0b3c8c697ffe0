import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { encodeBase64Url } from "../base64.ts";
import { checkLength } from "../cipher.ts";
import { encodeUtf8 } from "../utf8.ts";
import { lengthPrefixed, protocolLabel } from "./context.ts";

/** The key of one channel, with the id that selects it. */
export interface SealedKey {
  /** Base64url of 8 bytes. The id and the key come from the same derivation. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

/** What a key is derived for. Keys for different apps, channels or generations are independent. */
export interface SealedKeyContext {
  /** Id of the app, as in the paths of the HTTP API. */
  readonly appId: string;
  /** Name of the channel on the wire. */
  readonly channel: string;
  /** Counter of the channel. A higher one gives the channel a new key after a member was removed. */
  readonly generation: number;
}

const keyBytes = 32;
const idBytes = 8;

/**
 * Derives the key of one channel from a key of the ring with HKDF-SHA-256.
 *
 * @param ringKey 32 random bytes.
 * @throws {RangeError} if the ring key is not 32 bytes, or the generation is not a whole number from 0 to 2^32 - 1.
 * @example
 * const key = deriveSealedKey(ringKey, { appId: "1001", channel: "private-sealed-orders", generation: 0 });
 */
export function deriveSealedKey(ringKey: Uint8Array, context: SealedKeyContext): SealedKey {
  const { appId, channel, generation } = context;
  checkLength("ring key", ringKey, keyBytes);
  if (!Number.isInteger(generation) || generation < 0 || generation > 0xffffffff) {
    throw new RangeError(`Invalid generation: expected a whole number from 0 to 2^32 - 1, got ${generation}`);
  }
  const counter = new Uint8Array(4);
  new DataView(counter.buffer).setUint32(0, generation);
  const info = concatBytes(encodeUtf8("key\0"), lengthPrefixed(appId), lengthPrefixed(channel), counter);
  const okm = expand(sha256, extract(sha256, ringKey, protocolLabel), info, keyBytes + idBytes);
  return { id: encodeBase64Url(okm.subarray(keyBytes)), key: okm.slice(0, keyBytes) };
}
