import { maxWaitingLength } from "../../../core/connections/waiting-messages.ts";
import type { TurnBudget, Waiting } from "../links/turn-budget.ts";

/** Messages, and characters of messages, that are passed on without looking at the time again. */
const pieceMessages = 8;
const pieceLength = 8_192;

/**
 * The messages of one connection that came when the time for input was used up. Bun passes on everything that has arrived,
 * from all connections, in one turn of the event loop; what finds no time is held here for later turns.
 */
export class HeldMessages implements Waiting {
  readonly #turns: TurnBudget;
  readonly #maxCount: number;
  readonly #receive: (text: string) => void;
  #texts: string[] = [];
  /** Index of the oldest message. */
  #next = 0;
  #length = 0;
  #isWaiting = false;
  #whenDone: (() => void) | undefined;

  /**
   * @param maxCount most messages that may wait.
   * @param receive is called with each message, in order.
   */
  constructor(turns: TurnBudget, maxCount: number, receive: (text: string) => void) {
    this.#turns = turns;
    this.#maxCount = maxCount;
    this.#receive = receive;
  }

  /** Passes on a message, now or in a later turn. Returns false if too much waits; the message is then dropped. */
  add(text: string): boolean {
    const count = this.#texts.length - this.#next;
    if (count === 0 && this.#turns.hasTime()) {
      this.#receive(text);
      return true;
    }
    if (count >= this.#maxCount || (count > 0 && this.#length + text.length > maxWaitingLength)) return false;
    this.#texts.push(text);
    this.#length += text.length;
    if (!this.#isWaiting) this.#turns.wait(this, true);
    this.#isWaiting = true;
    return true;
  }

  /** Calls `done` when all messages that wait were passed on: at once if there are none. */
  whenDone(done: () => void): void {
    if (this.#next === this.#texts.length) done();
    else this.#whenDone = done;
  }

  /** Drops what waits. */
  clear(): void {
    this.#texts = [];
    this.#next = 0;
    this.#length = 0;
  }

  work(): boolean {
    let length = 0;
    for (let passed = 0; passed < pieceMessages && length < pieceLength; passed += 1) {
      const text = this.#texts[this.#next];
      if (text === undefined) break;
      this.#next += 1;
      length += text.length;
      this.#length -= text.length;
      this.#receive(text);
    }
    if (this.#next < this.#texts.length) return true;
    this.clear();
    this.#isWaiting = false;
    const done = this.#whenDone;
    this.#whenDone = undefined;
    done?.();
    return false;
  }
}
