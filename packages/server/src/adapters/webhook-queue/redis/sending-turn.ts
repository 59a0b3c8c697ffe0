import type { Clock } from "../../../ports/clock.ts";
import { listOf, textOf, type QueueReply } from "./redis-scripts.ts";

/** Silence after which another process sends, in milliseconds. */
const leaseMs = 5_000;
/** How often the process that sends looks for what others put in, in milliseconds. */
const pollMs = 100;
/** How many of these periods pass until a process that does not send asks again. */
const idlePolls = 10;
/** How long before the end of the lease a process that cannot renew it stops, in milliseconds. */
const marginMs = 1_000;

/** What becomes of the right to send. */
export interface TurnEvents {
  began(): Promise<void>;
  ended(): void;
  /** Something was put into the queue; `dueMs`: the earliest time at which something is to be released. */
  changed(dueMs: number | undefined): Promise<void>;
}

/** The right of one process at a time to send from a shared queue. It ends by itself if the process does not renew it. */
export class SendingTurn {
  readonly #clock: Clock;
  readonly #process: string;
  readonly #ask: (args: readonly string[]) => Promise<QueueReply>;
  #events: TurnEvents | undefined;
  #isOurs = false;
  #renewedMs = 0;
  #changes = -1;
  #polls = 0;
  #asking: Promise<void> | undefined;
  #stop: (() => void) | undefined;

  /** @param ask runs `turnScript`. */
  constructor(clock: Clock, process: string, ask: (args: readonly string[]) => Promise<QueueReply>) {
    this.#clock = clock;
    this.#process = process;
    this.#ask = ask;
  }

  get isOurs(): boolean {
    return this.#isOurs;
  }

  /** Asks for the right from now on. Rejects if that cannot be asked for at all. */
  async start(events: TurnEvents): Promise<void> {
    this.#events = events;
    await this.#renew();
    this.#stop = this.#clock.every(pollMs, () => {
      this.#polls += 1;
      if (this.#asking !== undefined || (!this.#isOurs && this.#polls % idlePolls !== 0)) return;
      this.#asking = this.#poll();
    });
  }

  /** Passes the right to another process. */
  async end(): Promise<void> {
    this.#stop?.();
    await this.#asking;
    if (!this.#isOurs) return;
    this.#isOurs = false;
    try {
      await this.#ask([this.#process, String(leaseMs), "end"]);
    } catch {
      // The right ends by itself.
    }
  }

  async #poll(): Promise<void> {
    try {
      await this.#renew();
    } catch {
      // The caller that adds something reports that Redis cannot be reached.
      if (this.#isOurs && this.#clock.monotonicNow() - this.#renewedMs > leaseMs - marginMs) this.#lose();
    }
    this.#asking = undefined;
  }

  async #renew(): Promise<void> {
    const askedMs = this.#clock.monotonicNow();
    const [isOurs, changes, due] = listOf(await this.#ask([this.#process, String(leaseMs), "keep"]));
    if (isOurs !== 1) {
      if (this.#isOurs) this.#lose();
      return;
    }
    this.#renewedMs = askedMs;
    if (!this.#isOurs) {
      this.#isOurs = true;
      this.#changes = -1;
      try {
        await this.#events?.began();
      } catch (error) {
        this.#isOurs = false;
        throw error;
      }
    }
    if (changes === this.#changes) return;
    const dueText = textOf(due);
    await this.#events?.changed(dueText === "" ? undefined : Number(dueText));
    this.#changes = Number(changes);
  }

  #lose(): void {
    this.#isOurs = false;
    this.#events?.ended();
  }
}
