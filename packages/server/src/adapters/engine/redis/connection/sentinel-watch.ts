import { setTimeout as pause } from "node:timers/promises";
import { ErrorReply } from "redis";
import type { ConnectionStates } from "./connection-states.ts";
import type { TimeLimit } from "./time-limit.ts";

/** The part of the library's client for Sentinel that this uses. */
interface Sentinel {
  readonly isOpen: boolean;
  sendCommand(isReadonly: false, command: string[]): Promise<unknown>;
  subscribe(topic: string, listener: () => void): Promise<unknown>;
  unsubscribe(topic: string): Promise<unknown>;
}

/** Subscribed for a moment, to see whether the connection for topics works. Nobody publishes on it. */
const probeTopic = "sealcast:probe";
/** Before the next attempt to use the connections, in milliseconds. */
const retryMs = 100;

/**
 * Watches the connections to the primary that Sentinel names. The library reports when one is lost, but not when it is back:
 * this uses both until they work.
 */
export class SentinelWatch {
  readonly #sentinel: Sentinel;
  readonly #states: ConnectionStates;
  readonly #limit: TimeLimit;
  #losses = 0;

  constructor(sentinel: Sentinel, states: ConnectionStates, limit: TimeLimit) {
    this.#sentinel = sentinel;
    this.#states = states;
    this.#limit = limit;
  }

  async lost(reason: unknown): Promise<void> {
    this.#losses += 1;
    this.#states.lost(this, reason);
    // Otherwise they are tried already.
    if (this.#losses > 1) return;
    for (;;) {
      const losses = this.#losses;
      const works = await this.#works();
      if (!this.#sentinel.isOpen) return;
      if (works && losses === this.#losses) break;
      await pause(retryMs);
    }
    this.#losses = 0;
    this.#states.ready(this);
  }

  async #works(): Promise<boolean> {
    return (
      (await this.#isAnswered(this.#sentinel.sendCommand(false, ["PING"]))) &&
      (await this.#isAnswered(this.#sentinel.subscribe(probeTopic, () => undefined))) &&
      (await this.#isAnswered(this.#sentinel.unsubscribe(probeTopic)))
    );
  }

  /** A refusal is an answer, too. */
  async #isAnswered(answer: Promise<unknown>): Promise<boolean> {
    try {
      await this.#limit.within(answer);
      return true;
    } catch (error) {
      return error instanceof ErrorReply;
    }
  }
}
