import { openPayload, parseSharedSecret, sealPayload, type OpenedPayload } from "@sealcast/crypto";
import type { EncryptionCounters, EncryptionModule, Vault, VaultPorts, VaultSettings } from "../channels/vault.ts";
import { runEach } from "../run-each.ts";
import { FetchRhythm } from "./fetch-rhythm.ts";
import { OrderedHold, type Outcome } from "./ordered-hold.ts";
import { SecretRing } from "./secret-ring.ts";

/** Makes the vault of one channel. */
export const createVault: EncryptionModule["createVault"] = (settings, counters, ports) =>
  new ChannelVault(settings, counters, ports);

/** An event as it came from the server, without what no key could make sense of. */
interface SealedEvent {
  readonly event: string;
  readonly data: { readonly nonce: unknown; readonly ciphertext: unknown };
}

const nonceBytes = 24;
const room = { events: 256, characters: 1_048_576 };
/** Keys are asked for again after this part of their time, so that they never get too old to seal with. */
const refreshAfter = 0.9;
/** Pause before keys are asked for again that could not be had in time, and the longest that timers can keep. */
const refreshPauseMs = 60_000;
const longestTimerMs = 2 ** 31 - 1;

type TimerName = "advance" | "fetch" | "refresh";

/** Runs ring, hold and rhythm with the clock of the runtime. */
class ChannelVault implements Vault {
  readonly #counters: EncryptionCounters;
  readonly #ports: VaultPorts;
  readonly #ring = new SecretRing();
  readonly #rhythm = new FetchRhythm();
  readonly #hold: OrderedHold<SealedEvent, OpenedPayload>;
  readonly #timers = new Map<TimerName, ReturnType<typeof setTimeout>>();
  /** When the keys are too old to seal with. */
  #staleAt = Infinity;
  #wiped = false;

  constructor(settings: VaultSettings, counters: EncryptionCounters, ports: VaultPorts) {
    const { holdMs = 60_000, orderHoldMs = 2_000 } = settings;
    this.#counters = counters;
    this.#ports = ports;
    this.#hold = new OrderedHold({ holdMs, orderHoldMs, ...room }, ({ data }) =>
      openPayload(this.#ring.secrets(performance.now()), data),
    );
  }

  learn(secrets: readonly string[], refreshMs: number | undefined): void {
    const now = performance.now();
    const hasNew = this.#ring.learn(secrets, now, parseSharedSecret);
    this.#rhythm.end(now, hasNew, Math.random());
    this.#staleAt = now + (refreshMs ?? Infinity);
    if (refreshMs !== undefined) this.#set("refresh", refreshMs * refreshAfter, () => this.#refresh());
    this.#settle(hasNew ? this.#hold.retry(now) : []);
  }

  learnedNothing(): void {
    this.#rhythm.end(performance.now(), false, Math.random());
    this.#settle([]);
  }

  receive(event: string, sent: unknown): void {
    const { nonce, ciphertext } = (sent ?? {}) as Partial<SealedEvent["data"]>;
    const item: SealedEvent = { event, data: { nonce, ciphertext } };
    const characters = event.length + String(ciphertext).length;
    const outcomes = this.#hold.push(item, characters, performance.now());
    if (!outcomes.some((outcome) => outcome.item === item)) this.#counters.held += 1;
    this.#settle(outcomes);
  }

  seal(data: unknown): unknown {
    const now = performance.now();
    const [secret] = this.#ring.secrets(now);
    if (!secret || now > this.#staleAt) {
      this.#refresh();
      return undefined;
    }
    const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes));
    return JSON.parse(sealPayload(secret, nonce, JSON.stringify(data ?? null))) as unknown;
  }

  wipe(): void {
    this.#wiped = true;
    this.#ring.clear();
    this.#hold.clear();
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  /** Hands out what is due, then sees to keys and clocks. */
  #settle(outcomes: readonly Outcome<SealedEvent, OpenedPayload>[]): void {
    try {
      runEach(outcomes, (outcome) => this.#handOut(outcome));
    } finally {
      if (!this.#wiped) this.#plan();
    }
  }

  #handOut(outcome: Outcome<SealedEvent, OpenedPayload>): void {
    // A listener may leave the channel: then it gets nothing any more.
    if (this.#wiped) return;
    const { event } = outcome.item;
    if ("dropped" in outcome) {
      this.#counters.dropped[outcome.dropped] += 1;
      this.#ports.drop({ reason: outcome.dropped, event });
    } else if (outcome.opened.ok) {
      this.#counters.opened += 1;
      if (outcome.late) this.#counters.late += 1;
      this.#ports.deliver(event, outcome.opened.plaintext.value, outcome.late);
    }
  }

  /** Sets the clocks for what waits, and asks for keys if it is time. */
  #plan(): void {
    const now = performance.now();
    const deadline = this.#hold.deadline(now);
    if (deadline === undefined) {
      this.#rhythm.rest();
      this.#stop("advance");
      this.#stop("fetch");
      return;
    }
    this.#set("advance", deadline - now, () => this.#settle(this.#hold.advance(performance.now())));
    if (this.#rhythm.underWay) return;
    const pause = this.#rhythm.earliest - now;
    if (pause > 0) this.#set("fetch", pause, () => this.#plan());
    else this.#fetch(now);
  }

  /** Asks for keys before those that there are get too old. */
  #refresh(): void {
    const now = performance.now();
    this.#set("refresh", refreshPauseMs, () => this.#refresh());
    if (!this.#rhythm.underWay && this.#rhythm.earliest <= now) this.#fetch(now);
  }

  #fetch(now: number): void {
    this.#rhythm.begin(now);
    this.#counters.fetches += 1;
    this.#ports.fetch();
  }

  #set(timer: TimerName, ms: number, run: () => void): void {
    this.#stop(timer);
    this.#timers.set(timer, setTimeout(run, Math.min(ms, longestTimerMs)));
  }

  #stop(timer: TimerName): void {
    clearTimeout(this.#timers.get(timer));
    this.#timers.delete(timer);
  }
}
