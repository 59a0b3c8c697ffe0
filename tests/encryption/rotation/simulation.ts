import { randomBytes } from "node:crypto";
import { generateMasterKey, Sealcast, type EncryptionOptions } from "@sealcast/server-sdk";
import { SeededRandom } from "../../fixtures/seeded-random.ts";
import { MemoryBroker } from "./memory-broker.ts";
import { installGlobals, OfficialSubscriber } from "./official-subscriber.ts";
import { VirtualTime } from "./virtual-time.ts";

/** One process of the application: its own library instance, ring and clock. */
export interface Backend {
  readonly sealcast: Sealcast;
  /** How far its clock is off, in milliseconds. */
  readonly skewMs: number;
}

/** What a simulated application looks like. */
export interface FleetOptions {
  readonly seed: number;
  readonly backends: number;
  /** Greatest distance of a backend's clock from the true time, in milliseconds. */
  readonly skewMs: number;
  readonly encryption: EncryptionOptions;
}

/**
 * An application of several backends behind a balancer that picks one at random for each request, a service between, and
 * subscribers; all in virtual time. Latencies: 2 to 20 ms through the service, 10 to 40 ms to the auth endpoint and back.
 */
export class BackendFleet {
  readonly time = new VirtualTime();
  readonly #random: SeededRandom;
  readonly backends: readonly Backend[];
  readonly broker: MemoryBroker;
  readonly sent: unknown[] = [];
  readonly #pending: Promise<unknown>[] = [];

  constructor(options: FleetOptions, stub: (name: string, value: unknown) => void) {
    this.#random = new SeededRandom(options.seed);
    this.broker = new MemoryBroker(this.time, () => this.between(1, 10));
    installGlobals(this.time, this.broker, stub);
    this.backends = Array.from({ length: options.backends }, () => {
      const skewMs = Math.round(this.between(-options.skewMs, options.skewMs));
      const platform = {
        now: () => this.time.nowMs + skewMs,
        sleep: this.time.sleep,
        random: () => this.between(0, 1),
        randomBytes: (length: number) => new Uint8Array(randomBytes(length)),
      };
      const credentials = {
        appId: "1001",
        key: "app-key",
        secret: "app-secret",
        timeoutMs: 0,
        fetch: this.broker.fetch,
      };
      return { skewMs, sealcast: new Sealcast({ ...credentials, encryption: options.encryption, platform }) };
    });
  }

  /** A number between two others, at random by the seed. */
  between(low: number, high: number): number {
    return low + (this.#random.below(2 ** 31) / 2 ** 31) * (high - low);
  }

  /** The backend that the balancer picks for a request. */
  anyBackend(): Backend {
    return this.#random.pick(this.backends);
  }

  /** A subscriber with the official client, whose every authorization goes to any backend. */
  subscribe(...channels: string[]): OfficialSubscriber {
    return new OfficialSubscriber(channels, async (socketId, channel) => {
      await this.time.sleep(this.between(5, 20));
      const answer = this.anyBackend().sealcast.authorizeChannel(socketId, channel);
      await this.time.sleep(this.between(5, 20));
      // A copy: the official client removes the secret from the object that it is given.
      return { ...answer };
    });
  }

  /** Publishes a value from any backend. */
  publish(channel: string, value: unknown): void {
    this.sent.push(value);
    this.#pending.push(this.anyBackend().sealcast.trigger(channel, "e", value));
  }

  /** Publishes numbered values at an even pace while time passes. */
  async publishFor(durationMs: number, everyMs: number, channel: string): Promise<void> {
    const endMs = this.time.nowMs + durationMs;
    const next = (): void => {
      if (this.time.nowMs >= endMs) return;
      this.publish(channel, this.sent.length + 1);
      this.time.after(next, everyMs);
    };
    next();
    await this.time.run(endMs);
  }

  /** Lets everything that is on its way arrive. Rejects if a publish failed. */
  async settle(): Promise<void> {
    await this.time.run(this.time.nowMs + 10_000);
    await Promise.all(this.#pending);
  }
}

/** What a subscriber missed, and what came to it in another order than it was sent in. */
export function compare(sent: readonly unknown[], received: readonly unknown[]): { lost: number; repeated: number } {
  const distinct = new Set(received);
  return { lost: sent.filter((value) => !distinct.has(value)).length, repeated: received.length - distinct.size };
}

/** Two master keys, old and new. */
export function twoKeys(): readonly [old: string, next: string] {
  return [generateMasterKey(), generateMasterKey()];
}
