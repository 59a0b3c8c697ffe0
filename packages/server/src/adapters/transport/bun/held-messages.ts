import { maxWaitingLength } from "../../../core/connections/waiting-messages.ts";
import type { Waiting } from "../links/turn-budget.ts";

/** Messages, and characters of messages, that are passed on without looking at the time again. */
const pieceMessages = 8;
const pieceLength = 8_192;

/**
 * The messages of one connection that came when the time for input was used up. Bun passes on everything that has arrived,
 * from all connections, in one turn of the event loop; what finds no time is held here for later turns. Most connections
 * never need it, so it exists only while messages wait.
 */
export class HeldMessages implements Waiting {
  readonly #maxCount: number;
  readonly #receive: (text: string) => void;
  #texts: string[] = [];
  /** Index of the oldest message. */
  #next = 0;
  #length = 0;
  #done: () => void;

  /**
   * @param maxCount most messages that may wait.
   * @param receive is called with each message, in order.
   * @param done is called when none waits any more.
   */
  constructor(maxCount: number, receive: (text: string) => void, done: () => void) {
    this.#maxCount = maxCount;
    this.#receive = receive;
    this.#done = done;
  }

  /** Adds a message. Returns false if too much waits; the message is then dropped. */
  add(text: string): boolean {
    const count = this.#texts.length - this.#next;
    if (count >= this.#maxCount || (count > 0 && this.#length + text.length > maxWaitingLength)) return false;
    this.#texts.push(text);
    this.#length += text.length;
    return true;
  }

  /** Calls `done` instead of what was given before: at once if no message waits. */
  whenDone(done: () => void): void {
    if (this.#next === this.#texts.length) done();
    else this.#done = done;
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
    this.#done();
    return false;
  }
}
