import { equalBytes } from "@noble/ciphers/utils.js";
import { checkLength } from "../cipher.ts";
import { deriveSealedKey, type SealedKey, type SealedKeyContext } from "./sealed-key.ts";

/** A key of the ring and the time from which publishers seal with it. */
export interface SealedRingKey {
  /** 32 random bytes. */
  readonly key: Uint8Array;
  /** Unix time in milliseconds. The oldest key is also in use before its own time. */
  readonly fromMs: number;
}

/** The keys of an app for sealed channels. Created by {@link createSealedRing}. */
export interface SealedRing {
  /** Oldest first. */
  readonly keys: readonly SealedRingKey[];
  /** How long clients still receive a replaced key, in milliseconds. */
  readonly overlapMs: number;
}

/** A key in an authorization response. */
export interface ClientKey extends SealedKey {
  /** How long the client keeps a replaced key, in milliseconds; undefined for keys that are or will be in use. */
  readonly ttlMs: number | undefined;
}

const keyBytes = 32;
/** Most keys in an authorization response. */
const maxClientKeys = 8;

/**
 * Creates the key ring of sealed channels. Keys can be in any order.
 *
 * @param overlapMs how long clients still receive a replaced key, in milliseconds. Default 2 hours. It must be longer than events are cached or kept as history.
 * @throws {RangeError} if there is no key, two keys are equal or have the same time, or a key is not 32 bytes long.
 * @example
 * const ring = createSealedRing([{ key: oldKey, fromMs: 0 }, { key: newKey, fromMs: Date.UTC(2030, 0, 1) }]);
 */
export function createSealedRing(keys: readonly SealedRingKey[], overlapMs = 7_200_000): SealedRing {
  if (keys.length === 0) throw new RangeError("Invalid key ring: expected at least one key, got none");
  for (const { key, fromMs } of keys) {
    checkLength("ring key", key, keyBytes);
    if (!Number.isSafeInteger(fromMs)) throw new RangeError("Invalid key ring: expected times in whole milliseconds");
  }
  if (!(overlapMs >= 0)) throw new RangeError(`Invalid overlap: expected at least 0 ms, got ${overlapMs}`);
  const sorted = keys.toSorted((a, b) => a.fromMs - b.fromMs);
  for (const [index, { key, fromMs }] of sorted.entries()) {
    for (const later of sorted.slice(index + 1)) {
      if (fromMs === later.fromMs)
        throw new RangeError("Invalid key ring: expected different times, got two equal ones");
      if (equalBytes(key, later.key))
        throw new RangeError("Invalid key ring: expected different keys, got two equal ones");
    }
  }
  return { keys: sorted, overlapMs };
}

/**
 * Returns the key that publishers seal with.
 *
 * @param nowMs Unix time in milliseconds.
 * @example
 * const key = sealingKey(ring, { appId: "1001", channel: "private-sealed-orders", generation: 0 }, Date.now());
 */
export function sealingKey(ring: SealedRing, context: SealedKeyContext, nowMs: number): SealedKey {
  return deriveSealedKey(keyAt(ring, indexInUse(ring, nowMs)).key, context);
}

/**
 * Returns the keys for an authorization response: the one in use first, then announced ones, then replaced ones; at most
 * eight. After a member was removed, members who stay also get the key of the generation before.
 *
 * @param nowMs Unix time in milliseconds.
 */
export function keysForClient(ring: SealedRing, context: SealedKeyContext, nowMs: number): ClientKey[] {
  const inUse = indexInUse(ring, nowMs);
  const derive = (index: number, generation = context.generation): SealedKey =>
    deriveSealedKey(keyAt(ring, index).key, { ...context, generation });
  const keys: ClientKey[] = [{ ...derive(inUse), ttlMs: undefined }];
  for (let index = inUse + 1; index < ring.keys.length; index += 1) keys.push({ ...derive(index), ttlMs: undefined });
  if (context.generation > 0) keys.push({ ...derive(inUse, context.generation - 1), ttlMs: ring.overlapMs });
  for (let index = inUse - 1; index >= 0; index -= 1) {
    const ttlMs = keyAt(ring, index + 1).fromMs + ring.overlapMs - nowMs;
    if (ttlMs > 0) keys.push({ ...derive(index), ttlMs });
  }
  return keys.slice(0, maxClientKeys);
}

/**
 * Returns all keys of a channel that can open its events: every key of the ring, for this generation and the one before,
 * by their ids.
 */
export function openingKeys(ring: SealedRing, context: SealedKeyContext): ReadonlyMap<string, Uint8Array> {
  const generations = context.generation > 0 ? [context.generation, context.generation - 1] : [context.generation];
  const keys = ring.keys.flatMap(({ key }) =>
    generations.map((generation) => deriveSealedKey(key, { ...context, generation })),
  );
  return new Map(keys.map(({ id, key }) => [id, key]));
}

/**
 * Returns when a client should ask for keys again, in milliseconds: in the second half of `maxMs`, or before the next
 * rotation, in the middle half of the time until then.
 *
 * @param nowMs Unix time in milliseconds.
 * @param random a number of at least 0 and below 1; it spreads the requests of clients.
 * @param maxMs longest time until a client asks again, in milliseconds.
 */
export function sealedRefreshMs(ring: SealedRing, nowMs: number, random: number, maxMs: number): number {
  const usual = maxMs * (0.5 + random / 2);
  const next = ring.keys[indexInUse(ring, nowMs) + 1];
  if (next === undefined) return Math.round(usual);
  return Math.round(Math.max(Math.min((next.fromMs - nowMs) * (0.25 + random / 2), usual), 1_000));
}

/** Returns the time until publishers begin to seal with the next key, in milliseconds; undefined if the ring has none. */
export function sealedSwitchMs(ring: SealedRing, nowMs: number): number | undefined {
  const next = ring.keys[indexInUse(ring, nowMs) + 1];
  return next && next.fromMs - nowMs;
}

function indexInUse({ keys }: SealedRing, nowMs: number): number {
  return Math.max(
    keys.findLastIndex(({ fromMs }) => fromMs <= nowMs),
    0,
  );
}

function keyAt(ring: SealedRing, index: number): SealedRingKey {
  const key = ring.keys[index];
  if (key === undefined)
    throw new RangeError(`Invalid key index: expected less than ${ring.keys.length}, got ${index}`);
  return key;
}
