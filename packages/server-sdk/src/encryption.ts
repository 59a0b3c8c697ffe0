import { secretbox, toBase64 } from "#ciphers";
import {
  encodeBase64,
  secretsForClient,
  naclSecretbox,
  nextRotation,
  openingSecrets,
  openPayload,
  publishableFrom,
  publishingSecret,
  sealPayload,
  type KeyRing,
  type OpenedPayload,
} from "@sealcast/crypto";
import { traitsOf } from "@sealcast/protocol";
import { readRing, type EncryptionOptions } from "./encryption-options.ts";
import { KeyCache } from "./key-cache.ts";
import { Nonces } from "./nonces.ts";
import type { Platform } from "./platform.ts";

/** The `e2e` field of an authorization response. */
export interface EndToEndField {
  readonly v: 1;
  readonly now: number;
  readonly secrets: readonly string[];
  readonly refresh_ms: number;
  /** Time until the first secret changes, in milliseconds; absent if the ring has no later key. */
  readonly switch_ms?: number;
}

/** Encrypts and decrypts events, and returns the secrets of channels, with the keys that the ring has in use. */
export class Encryption {
  #ring: KeyRing;
  #keys: KeyCache<Uint8Array> = new KeyCache();
  /** Per channel with a waiting publish: the time from which later publishes may be sealed. Oldest first. */
  readonly #nextTurnMs = new Map<string, number>();
  readonly #platform: Platform;
  readonly #nonces: Nonces;

  constructor(options: EncryptionOptions, platform: Platform) {
    this.#ring = readRing(options);
    this.#platform = platform;
    this.#nonces = new Nonces(platform, naclSecretbox.nonceBytes);
  }

  /** Uses another ring from now on, without a restart. */
  replaceRing(options: EncryptionOptions): void {
    this.#ring = readRing(options);
    this.#keys = new KeyCache();
  }

  /**
   * Encrypts a text for a channel, as the `data` of an event.
   *
   * @param atMs the time that {@link sealingTime} returned. Reading the clock again could hit a pause that has just begun.
   */
  seal(channel: string, text: string, atMs: number): string {
    const ring = this.#ring;
    const secret = this.#keys.at(channel, 0, atMs, () => ({
      key: publishingSecret(ring, channel, atMs),
      untilMs: nextRotation(ring, channel, atMs) ?? Infinity,
    }));
    return sealPayload(secret, this.#nonces.next(), text, secretbox, toBase64);
  }

  /**
   * Returns the channels on which a publish must wait for the end of a rotation pause, with the time from which it may be
   * sealed, in Unix milliseconds. One publish that waits for a channel may go when the pause ends, the others a quarter
   * of the pause later: the first event under the new key makes official clients ask for that key, and every further
   * event that arrives before the answer makes them ask again.
   */
  takeTurns(channels: readonly string[]): ReadonlyMap<string, number> {
    const now = this.#platform.now();
    const turns = [...new Set(channels)].map((channel) => [channel, this.#takeTurn(channel, now)] as const);
    return new Map(turns.filter(([, fromMs]) => fromMs > now));
  }

  /**
   * Waits until `fromMs`, and until no channel is in a rotation pause that has begun meanwhile.
   *
   * @returns the time at which to seal.
   */
  async sealingTime(channels: readonly string[], fromMs: number): Promise<number> {
    let now = this.#platform.now();
    for (;;) {
      const from = Math.max(fromMs, ...channels.map((channel) => publishableFrom(this.#ring, channel, now)));
      if (now >= from) return now;
      await this.#platform.sleep(from - now);
      now = this.#platform.now();
    }
  }

  /** Returns when the rotation pause of a channel ends, in Unix milliseconds; the current time if there is no pause. */
  pausedUntil(channel: string): number {
    return publishableFrom(this.#ring, channel, this.#platform.now());
  }

  /** Returns when the channel's next rotation begins, in Unix milliseconds; undefined if the ring has no later key. */
  nextRotation(channel: string): number | undefined {
    return nextRotation(this.#ring, channel, this.#platform.now());
  }

  /** Returns the one secret that every client of a channel gets at this moment. */
  sharedSecret(channel: string): Uint8Array {
    return secretsForClient(this.#ring, channel, this.#platform.now(), 0).sharedSecret;
  }

  /** Returns the secrets for a client that keeps several, as fields of an authorization response. */
  secretFields(channel: string): { readonly shared_secret: string; readonly e2e: EndToEndField } {
    const now = this.#platform.now();
    const { sharedSecret, secrets, ...times } = secretsForClient(this.#ring, channel, now, this.#platform.random());
    const { refreshMs: refresh_ms, switchMs: switch_ms } = times;
    return {
      shared_secret: encodeBase64(sharedSecret),
      e2e: { v: 1, now, secrets: secrets.map(encodeBase64), refresh_ms, ...(switch_ms !== undefined && { switch_ms }) },
    };
  }

  /** Decrypts the `data` of an event with any key of the ring, however old. */
  open(channel: string, data: string): OpenedPayload {
    return openPayload(openingSecrets(this.#ring, channel), data);
  }

  /** Returns whether `data` is encrypted with the key that publishers use now. */
  isCurrent(channel: string, data: string): boolean {
    return openPayload([publishingSecret(this.#ring, channel, this.#platform.now())], data).ok;
  }

  /** Returns the time from which a publish may be sealed, and makes later publishes on the channel wait longer. */
  #takeTurn(channel: string, nowMs: number): number {
    const pauseEndMs = publishableFrom(this.#ring, channel, nowMs);
    const nextTurnMs = this.#nextTurn(channel, nowMs);
    if (pauseEndMs === nowMs || nextTurnMs > nowMs) return nextTurnMs;
    this.#nextTurnMs.set(channel, pauseEndMs + this.#ring.rotationPauseMs / 4);
    return pauseEndMs;
  }

  /** Returns when all but the first waiting publish may go: `nowMs` if none waits. Forgets turns that have passed. */
  #nextTurn(channel: string, nowMs: number): number {
    for (const [oldest, fromMs] of this.#nextTurnMs) {
      if (fromMs > nowMs) break;
      this.#nextTurnMs.delete(oldest);
    }
    return Math.max(nowMs, this.#nextTurnMs.get(channel) ?? nowMs);
  }
}

/** Returns whether events on a channel are encrypted end to end. */
export function isEncryptedChannel(channel: string): boolean {
  return traitsOf(channel).encryption === "nacl-secretbox";
}
