import { sha256 } from "@noble/hashes/sha2.js";
import { deriveChannelKey, keyLengthBytes, type Derivation } from "./channel-key.ts";
import { constantTimeEqual } from "./constant-time-equal.ts";
import { checkLength } from "./scheme.ts";
import { encodeUtf8 } from "./utf8.ts";

/** A master key and the instant from which publishers seal with it. */
export interface RingKey {
  readonly masterKey: Uint8Array;
  /** Unix time in milliseconds. That of the oldest key counts for nothing: with no other key it is always in use. */
  readonly fromMs: number;
  readonly derivation: Derivation;
}

/** The master keys of an app and the rhythm in which one follows another. Made by {@link createKeyRing}. */
export interface KeyRing {
  /** Oldest first. */
  readonly keys: readonly RingKey[];
  /** How long publishers stay silent from each switch on, in milliseconds. */
  readonly rotationPauseMs: number;
  /** Over how long the channels spread their switch, in milliseconds. */
  readonly staggerMs: number;
  /** How long a replaced key is still handed out, in milliseconds. */
  readonly overlapMs: number;
}

/** What an authorization response hands out for one channel. */
export interface ClientSecrets {
  /** The one secret that every client understands. */
  readonly sharedSecret: Uint8Array;
  /** For clients that keep several: the shared secret, then announced ones, then replaced ones. At most four. */
  readonly secrets: readonly Uint8Array[];
  /** In how many milliseconds the client should ask again. */
  readonly refreshMs: number;
}

const maxSecrets = 4;

/**
 * Builds a key ring. Keys may come in any order. No key, two equal keys, two keys from the same instant, a key that is not
 * 32 bytes, or a time or duration that is not a whole number of milliseconds is a `RangeError`.
 *
 * @param timing `rotationPauseMs`: default 2,000; must be at least twice the greatest difference between any two clocks plus twice
 * the time from sealing to delivery, or clients that keep one secret lose events. `staggerMs`: default 0. `overlapMs`:
 * default 35 minutes, the lifetime of a cached event and 5 minutes more.
 */
export function createKeyRing(
  keys: readonly RingKey[],
  timing: { readonly rotationPauseMs?: number; readonly staggerMs?: number; readonly overlapMs?: number } = {},
): KeyRing {
  if (keys.length === 0) throw new RangeError("A key ring needs at least one key, found none");
  for (const key of keys) {
    checkLength("master key", key.masterKey, keyLengthBytes);
    checkMilliseconds("time of a key", key.fromMs);
  }
  const sorted = keys.toSorted((a, b) => a.fromMs - b.fromMs);
  for (const [index, key] of sorted.entries()) {
    for (const later of sorted.slice(index + 1)) {
      if (key.fromMs === later.fromMs)
        throw new RangeError(`Two keys of the ring begin at the same time, ${key.fromMs} ms`);
      if (sameKey(key, later)) throw new RangeError("Two keys of the ring are equal; each must be random");
    }
  }
  const { rotationPauseMs = 2_000, staggerMs = 0, overlapMs = 2_100_000 } = timing;
  checkDuration("rotation pause", rotationPauseMs);
  checkDuration("stagger", staggerMs);
  checkDuration("overlap", overlapMs);
  return { keys: sorted, rotationPauseMs, staggerMs, overlapMs };
}

/** The secret with which a publisher seals for a channel at a time. Outside the rotation pause, that is. */
export function publishingSecret(ring: KeyRing, channel: string, nowMs: number): Uint8Array {
  return secretAt(ring, channel, keyInUse(ring, channel, nowMs));
}

/**
 * When a publisher may next publish on a channel, in Unix milliseconds: `nowMs` itself, or the end of the rotation pause that
 * follows a switch. Clients that keep one secret lose events without it: the old key must have reached its last reader
 * before the first event under the new one arrives.
 */
export function publishableFrom(ring: KeyRing, channel: string, nowMs: number): number {
  const index = keyInUse(ring, channel, nowMs);
  return index === 0 ? nowMs : Math.max(nowMs, rotationTime(ring, channel, index) + ring.rotationPauseMs);
}

/** When the channel next changes its key, in Unix milliseconds; undefined where no later key is known. */
export function nextRotation(ring: KeyRing, channel: string, nowMs: number): number | undefined {
  const index = keyInUse(ring, channel, nowMs) + 1;
  return index < ring.keys.length ? rotationTime(ring, channel, index) : undefined;
}

/**
 * The secrets that an authorization response hands out. The shared one changes in the middle of the rotation pause, when no
 * event under the old key is on its way any more and none under the new key is yet.
 *
 * @param random a number of at least 0 and below 1, which spreads the clients' next requests.
 * @param maxRefreshMs longest time until a client asks again; default 6 hours. Announce a key longer than this ahead.
 */
export function secretsForClient(
  ring: KeyRing,
  channel: string,
  nowMs: number,
  random: number,
  maxRefreshMs = 21_600_000,
): ClientSecrets {
  const shared = keyInUse(ring, channel, nowMs - ring.rotationPauseMs / 2);
  const announced = range(shared + 1, ring.keys.length);
  const replaced = range(0, shared).filter((index) => nowMs < rotationTime(ring, channel, index + 1) + ring.overlapMs);
  const sharedSecret = secretAt(ring, channel, shared);
  const others = [...announced, ...replaced.toReversed()].slice(0, maxSecrets - 1);
  return {
    sharedSecret,
    secrets: [sharedSecret, ...others.map((index) => secretAt(ring, channel, index))],
    refreshMs: refreshTime(nextRotation(ring, channel, nowMs), nowMs, random, maxRefreshMs),
  };
}

/** Every secret of a channel that the ring can derive, newest first: for opening what was sealed at any time. */
export function openingSecrets(ring: KeyRing, channel: string): Uint8Array[] {
  return range(0, ring.keys.length)
    .toReversed()
    .map((index) => secretAt(ring, channel, index));
}

/** Whether a master key was visibly not drawn at random: all printable ASCII, or hardly any different bytes. */
export function looksWeak(masterKey: Uint8Array): boolean {
  return masterKey.every((byte) => byte >= 0x20 && byte <= 0x7e) || new Set(masterKey).size < masterKey.length / 2;
}

/** Index of the youngest key whose time on this channel has come. */
function keyInUse(ring: KeyRing, channel: string, nowMs: number): number {
  const delayMs = rotationDelay(ring, channel);
  const started = ring.keys.findLastIndex(({ fromMs }) => fromMs + delayMs <= nowMs);
  return Math.max(started, 0);
}

/** When a channel begins to use a key. */
function rotationTime(ring: KeyRing, channel: string, index: number): number {
  return keyAt(ring, index).fromMs + rotationDelay(ring, channel);
}

/**
 * How much later than others a channel switches. Channels spread their switches by their name, so that all servers agree
 * without talking to each other and the clients of all channels do not ask for new secrets in the same second.
 */
function rotationDelay({ staggerMs }: KeyRing, channel: string): number {
  if (staggerMs === 0) return 0;
  const digest = sha256(encodeUtf8(channel));
  return new DataView(digest.buffer).getUint32(0) % (staggerMs + 1);
}

/**
 * With a switch ahead, a random moment in the middle half of the time until then: what a client holds never outlives the
 * switch, and clients do not all come at once. Otherwise a random moment in the second half of the longest time.
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
  if (key === undefined) throw new RangeError(`The key ring has ${ring.keys.length} keys, asked for key ${index}`);
  return key;
}

function sameKey(a: RingKey, b: RingKey): boolean {
  return a.derivation === b.derivation && constantTimeEqual(a.masterKey, b.masterKey);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(to - from, 0) }, (_, index) => from + index);
}

function checkMilliseconds(what: string, value: number): void {
  if (!Number.isSafeInteger(value))
    throw new RangeError(`The ${what} must be a whole number of milliseconds, found ${numberOrType(value)}`);
}

/** What is no number is not repeated: it may be a key in the wrong place. */
function numberOrType(value: unknown): string {
  return typeof value === "number" ? `${value}` : `a ${typeof value}`;
}

function checkDuration(what: string, value: number): void {
  checkMilliseconds(what, value);
  if (value < 0) throw new RangeError(`The ${what} must not be negative, found ${value} ms`);
}
