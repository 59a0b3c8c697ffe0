import { equalBytes } from "@noble/ciphers/utils.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { deriveChannelKey, keyLengthBytes, type Derivation } from "./channel-key.ts";
import { checkLength } from "./cipher.ts";
import { encodeUtf8 } from "./utf8.ts";

/** A master key and the time from which publishers seal with it. */
export interface RingKey {
  /** 32 random bytes. */
  readonly masterKey: Uint8Array;
  /** Unix time in milliseconds. The oldest key is also in use before its own time. */
  readonly fromMs: number;
  readonly derivation: Derivation;
}

/** The master keys of an app and the timing of their rotation. Created by {@link createKeyRing}. */
export interface KeyRing {
  /** Oldest first. */
  readonly keys: readonly RingKey[];
  /** How long publishers pause at each rotation, in milliseconds. */
  readonly rotationPauseMs: number;
  /** Time over which the rotations of different channels are spread, in milliseconds. */
  readonly staggerMs: number;
  /** How long clients still receive a replaced key, in milliseconds. */
  readonly overlapMs: number;
}

/** The secrets in an authorization response for one channel. */
export interface ClientSecrets {
  /** The single secret that official clients use. */
  readonly sharedSecret: Uint8Array;
  /** For clients that keep several secrets: the shared one, then announced ones, then replaced ones. At most four. */
  readonly secrets: readonly Uint8Array[];
  /** Time until the client should ask again, in milliseconds. */
  readonly refreshMs: number;
  /** Time until the shared secret changes, in milliseconds; undefined if the ring has no later key. */
  readonly switchMs: number | undefined;
}

const maxSecrets = 4;

/**
 * Creates a key ring. Keys can be in any order.
 *
 * @param timing `rotationPauseMs`: default 2,000. Clients that keep one secret lose events if it is shorter than twice the
 * greatest difference between two clocks plus twice the time from sealing to delivery. `staggerMs`: default 0.
 * `overlapMs`: default 35 minutes: the lifetime of a cached event plus 5 minutes.
 * @throws {RangeError} if there is no key, two keys are equal or have the same time, a key is not 32 bytes long, or a time
 * is not a whole number of milliseconds.
 * @example
 * const ring = createKeyRing([
 *   { masterKey: oldKey, fromMs: 0, derivation: "sha256" },
 *   { masterKey: newKey, fromMs: Date.UTC(2030, 0, 1), derivation: "sha256" },
 * ]);
 */
export function createKeyRing(
  keys: readonly RingKey[],
  timing: { readonly rotationPauseMs?: number; readonly staggerMs?: number; readonly overlapMs?: number } = {},
): KeyRing {
  if (keys.length === 0) throw new RangeError("Invalid key ring: expected at least one key, got none");
  for (const key of keys) {
    checkLength("master key", key.masterKey, keyLengthBytes);
    checkMilliseconds("time of a key", key.fromMs);
  }
  const sorted = keys.toSorted((a, b) => a.fromMs - b.fromMs);
  for (const [index, key] of sorted.entries()) {
    for (const later of sorted.slice(index + 1)) {
      if (key.fromMs === later.fromMs)
        throw new RangeError(`Invalid key ring: expected different times, got two keys from ${key.fromMs} ms`);
      if (sameKey(key, later))
        throw new RangeError("Invalid key ring: expected different random keys, got two equal ones");
    }
  }
  const { rotationPauseMs = 2_000, staggerMs = 0, overlapMs = 2_100_000 } = timing;
  checkDuration("rotation pause", rotationPauseMs);
  checkDuration("stagger", staggerMs);
  checkDuration("overlap", overlapMs);
  return { keys: sorted, rotationPauseMs, staggerMs, overlapMs };
}

/**
 * Returns the channel secret that publishers seal with, 32 bytes. Do not publish during the rotation pause: see
 * {@link publishableFrom}.
 *
 * @param channel the full name, prefix included.
 * @param nowMs Unix time in milliseconds.
 * @example
 * const data = sealPayload(publishingSecret(ring, channel, Date.now()), nonce, JSON.stringify({ total: 12 }));
 */
export function publishingSecret(ring: KeyRing, channel: string, nowMs: number): Uint8Array {
  return secretAt(ring, channel, keyInUse(ring, channel, nowMs));
}

/**
 * Returns when a publisher can next publish on a channel, in Unix milliseconds: `nowMs`, or the end of the rotation pause.
 * Without the pause, clients that keep one secret lose events: the last event under the old key must arrive before the
 * first one under the new key.
 *
 * @param nowMs Unix time in milliseconds.
 * @example
 * const waitMs = publishableFrom(ring, channel, nowMs) - nowMs;
 */
export function publishableFrom(ring: KeyRing, channel: string, nowMs: number): number {
  const index = keyInUse(ring, channel, nowMs);
  return index === 0 ? nowMs : Math.max(nowMs, rotationTime(ring, channel, index) + ring.rotationPauseMs);
}

/**
 * Returns when the channel next changes its key, in Unix milliseconds, or undefined if the ring has no later key.
 *
 * @param nowMs Unix time in milliseconds.
 */
export function nextRotation(ring: KeyRing, channel: string, nowMs: number): number | undefined {
  const index = keyInUse(ring, channel, nowMs) + 1;
  return index < ring.keys.length ? rotationTime(ring, channel, index) : undefined;
}

/**
 * Returns the secrets for an authorization response. The shared secret changes in the middle of the rotation pause: by then
 * all events under the old key have arrived, and none under the new key is sent yet.
 *
 * @param nowMs Unix time in milliseconds.
 * @param random a number of at least 0 and below 1; it spreads the next requests of clients.
 * @param maxRefreshMs longest time until a client asks again, in milliseconds. Default 6 hours. Announce a new key
 * longer than this ahead.
 * @example
 * const { sharedSecret, secrets, refreshMs } = secretsForClient(ring, channel, Date.now(), Math.random());
 */
export function secretsForClient(
  ring: KeyRing,
  channel: string,
  nowMs: number,
  random: number,
  maxRefreshMs = 21_600_000,
): ClientSecrets {
  const halfPauseMs = ring.rotationPauseMs / 2;
  const shared = keyInUse(ring, channel, nowMs - halfPauseMs);
  const announced = range(shared + 1, ring.keys.length);
  const replaced = range(0, shared).filter((index) => nowMs < rotationTime(ring, channel, index + 1) + ring.overlapMs);
  const sharedSecret = secretAt(ring, channel, shared);
  const switchesAtMs =
    shared + 1 < ring.keys.length ? rotationTime(ring, channel, shared + 1) + halfPauseMs : undefined;
  const others = [...announced, ...replaced.toReversed()].slice(0, maxSecrets - 1);
  return {
    sharedSecret,
    secrets: [sharedSecret, ...others.map((index) => secretAt(ring, channel, index))],
    refreshMs: refreshTime(nextRotation(ring, channel, nowMs), nowMs, random, maxRefreshMs),
    switchMs: switchesAtMs && switchesAtMs - nowMs,
  };
}

/**
 * Returns all secrets of a channel, newest first, to open data that was sealed at any time.
 *
 * @example
 * const opened = openPayload(openingSecrets(ring, channel), data);
 */
export function openingSecrets(ring: KeyRing, channel: string): Uint8Array[] {
  return range(0, ring.keys.length)
    .toReversed()
    .map((index) => secretAt(ring, channel, index));
}

/** Returns whether a master key is visibly not random: it has only printable ASCII characters, or few different bytes. */
export function looksWeak(masterKey: Uint8Array): boolean {
  return masterKey.every((byte) => byte >= 0x20 && byte <= 0x7e) || new Set(masterKey).size < masterKey.length / 2;
}

/** Index of the newest key that is in use on a channel. */
function keyInUse(ring: KeyRing, channel: string, nowMs: number): number {
  const delayMs = rotationDelay(ring, channel);
  const started = ring.keys.findLastIndex(({ fromMs }) => fromMs + delayMs <= nowMs);
  return Math.max(started, 0);
}

/** When a channel starts to use a key. */
function rotationTime(ring: KeyRing, channel: string, index: number): number {
  return keyAt(ring, index).fromMs + rotationDelay(ring, channel);
}

/**
 * How much later than `fromMs` a channel rotates. The delay depends only on the channel's name, so that all servers agree on
 * it, and clients of different channels do not ask for new secrets in the same second.
 */
function rotationDelay({ staggerMs }: KeyRing, channel: string): number {
  if (staggerMs === 0) return 0;
  const digest = sha256(encodeUtf8(channel));
  return new DataView(digest.buffer).getUint32(0) % (staggerMs + 1);
}

/**
 * Before a rotation: a random time in the middle half of the time until then, so that clients learn the new key in time and
 * do not all ask at once. Otherwise a random time in the second half of `maxRefreshMs`.
 */
function refreshTime(rotationMs: number | undefined, nowMs: number, random: number, maxRefreshMs: number): number {
  const usual = maxRefreshMs * (0.5 + random / 2);
  if (rotationMs === undefined) return Math.round(usual);
  return Math.round(Math.max(Math.min((rotationMs - nowMs) * (0.25 + random / 2), usual), 1_000));
}

function secretAt(ring: KeyRing, channel: string, index: number): Uint8Array {
  const key = keyAt(ring, index);
  return deriveChannelKey(key.masterKey, channel, key.derivation);
}

function keyAt(ring: KeyRing, index: number): RingKey {
  const key = ring.keys[index];
  if (key === undefined)
    throw new RangeError(`Invalid key index: expected less than ${ring.keys.length}, got ${index}`);
  return key;
}

function sameKey(a: RingKey, b: RingKey): boolean {
  return a.derivation === b.derivation && equalBytes(a.masterKey, b.masterKey);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(to - from, 0) }, (_, index) => from + index);
}

function checkMilliseconds(what: string, value: number): void {
  if (!Number.isSafeInteger(value))
    throw new RangeError(`Invalid ${what}: expected a whole number of milliseconds, got ${numberOrType(value)}`);
}

/** Messages contain numbers only: any other value may be a misplaced key. */
function numberOrType(value: unknown): string {
  return typeof value === "number" ? `${value}` : `a ${typeof value}`;
}

function checkDuration(what: string, value: number): void {
  checkMilliseconds(what, value);
  if (value < 0) throw new RangeError(`Invalid ${what}: expected at least 0 ms, got ${value} ms`);
}
