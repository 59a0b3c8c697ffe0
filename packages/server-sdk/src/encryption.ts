import {
  constantTimeEqual,
  encodeBase64,
  secretsForClient,
  nextRotation,
  openingSecrets,
  openPayload,
  publishableFrom,
  publishingSecret,
  sealPayload,
  schemes,
  type KeyRing,
  type OpenedPayload,
} from "@sealcast/crypto";
import { traitsOf } from "@sealcast/protocol";
import { readRing, type EncryptionOptions } from "./encryption-options.ts";
import type { Platform } from "./platform.ts";

/** The `e2e` field of an authorisation response. */
export interface EndToEndField {
  readonly v: 1;
  readonly now: number;
  readonly secrets: readonly string[];
  readonly refresh_ms: number;
}

const nonceBytes = schemes["nacl-secretbox"].nonceBytes;

/** Seals, opens and hands out the secrets of encrypted channels, by the keys that are in force when it is asked. */
export class Encryption {
  #ring: KeyRing;
  /** Channels on which a publish waits or has waited for the end of the rotation pause, about in the order of their ends. */
  readonly #othersFromMs = new Map<string, number>();
  #lastNonce: Uint8Array = new Uint8Array(nonceBytes);
  readonly #platform: Platform;

  constructor(options: EncryptionOptions, platform: Platform) {
    this.#ring = readRing(options);
    this.#platform = platform;
  }

  /** Takes another ring from now on, without a restart. */
  replaceRing(options: EncryptionOptions): void {
    this.#ring = readRing(options);
  }

  /**
   * The `data` of an event: a text, sealed for a channel under the key in force at a time that
   * {@link waitUntilPublishable} gave. A later look at the clock might be in a rotation pause that has just begun.
   */
  seal(channel: string, text: string, atMs: number): string {
    return sealPayload(publishingSecret(this.#ring, channel, atMs), this.#nonce(), text);
  }

  /**
   * Resolves once none of the channels is within the pause of a key rotation, with the time then. Of the publishes that
   * wait for a channel, one goes when the rotation pause ends and the others a quarter of it later: the first event under the
   * new key makes official clients ask for it, and each further one that comes before the answer makes them ask again.
   */
  async waitUntilPublishable(channels: readonly string[]): Promise<number> {
    let now = this.#platform.now();
    let from = Math.max(now, ...[...new Set(channels)].map((channel) => this.#takeTurn(channel, now)));
    while (now < from) {
      await this.#platform.sleep(from - now);
      now = this.#platform.now();
      // Another channel of the same request may have come to its own switch meanwhile.
      from = Math.max(from, ...channels.map((channel) => publishableFrom(this.#ring, channel, now)));
    }
    return now;
  }

  /** Whether publishes on a channel must wait now. */
  isPaused(channel: string): boolean {
    const now = this.#platform.now();
    return publishableFrom(this.#ring, channel, now) > now || this.#othersFrom(channel, now) > now;
  }

  /** When the rotation pause of a channel ends, in Unix milliseconds; now, where there is none. */
  pausedUntil(channel: string): number {
    return publishableFrom(this.#ring, channel, this.#platform.now());
  }

  /** When the channel next changes its key, in Unix milliseconds; undefined where no later key is known. */
  nextRotation(channel: string): number | undefined {
    return nextRotation(this.#ring, channel, this.#platform.now());
  }

  /** The one secret that every client of a channel is given now. */
  sharedSecret(channel: string): Uint8Array {
    return secretsForClient(this.#ring, channel, this.#platform.now(), 0).sharedSecret;
  }

  /** The secrets for a client that keeps several, as fields of an authorisation response. */
  secretFields(channel: string): { readonly shared_secret: string; readonly e2e: EndToEndField } {
    const now = this.#platform.now();
    const { sharedSecret, secrets, refreshMs } = secretsForClient(this.#ring, channel, now, this.#platform.random());
    return {
      shared_secret: encodeBase64(sharedSecret),
      e2e: { v: 1, now, secrets: secrets.map(encodeBase64), refresh_ms: refreshMs },
    };
  }

  /** Opens the `data` of an event with any key of the ring, however old. */
  open(channel: string, data: string): OpenedPayload {
    return openPayload(openingSecrets(this.#ring, channel), data);
  }

  /** Whether `data` was sealed under the key with which publishers seal now. */
  isCurrent(channel: string, data: string): boolean {
    return openPayload([publishingSecret(this.#ring, channel, this.#platform.now())], data).ok;
  }

  /** When a publish that comes now may go. The first one that has to wait for a channel makes the others go after it. */
  #takeTurn(channel: string, nowMs: number): number {
    const pauseEndMs = publishableFrom(this.#ring, channel, nowMs);
    const othersFromMs = this.#othersFrom(channel, nowMs);
    if (pauseEndMs === nowMs || othersFromMs > nowMs) return othersFromMs;
    this.#othersFromMs.set(channel, pauseEndMs + this.#ring.rotationPauseMs / 4);
    return pauseEndMs;
  }

  /** When all but the first one may publish on a channel: `nowMs` outside of a switch. Forgets what is over. */
  #othersFrom(channel: string, nowMs: number): number {
    for (const [oldest, fromMs] of this.#othersFromMs) {
      if (fromMs > nowMs) break;
      this.#othersFromMs.delete(oldest);
    }
    return Math.max(nowMs, this.#othersFromMs.get(channel) ?? nowMs);
  }

  /** A nonce; a generator that repeats itself, as one that gives zeros does, is refused. */
  #nonce(): Uint8Array {
    const nonce = this.#platform.randomBytes(nonceBytes);
    if (constantTimeEqual(nonce, this.#lastNonce)) {
      throw new Error("Cannot seal: the random generator of this runtime repeats itself");
    }
    this.#lastNonce = nonce;
    return nonce;
  }
}

/** Whether events on a channel are encrypted. */
export function isEncryptedChannel(channel: string): boolean {
  return traitsOf(channel).encryption !== "none";
}
