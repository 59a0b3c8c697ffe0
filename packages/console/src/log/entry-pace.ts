import type { LogEntry } from "@sealcast/server/console";

/**
 * Lets entries through at a limited rate. Entries beyond what can wait are left out and counted, so that a page that
 * shows a busy server neither grows nor stalls.
 */
export class EntryPace {
  readonly #maxWaiting: number;
  #waiting: LogEntry[] = [];
  #leftOut = 0;

  /** @param maxWaiting how many entries may wait for their turn. */
  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting;
  }

  /** How many entries wait for their turn. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** How many entries were left out so far. */
  get leftOut(): number {
    return this.#leftOut;
  }

  add(entries: readonly LogEntry[]): void {
    this.#waiting.push(...entries);
    const excess = this.#waiting.length - this.#maxWaiting;
    if (excess <= 0) return;
    this.#waiting.splice(0, excess);
    this.#leftOut += excess;
  }

  /** Counts entries that the server has left out. */
  addLeftOut(count: number): void {
    this.#leftOut += count;
  }

  /** Removes up to `most` waiting entries and returns them, oldest first. */
  take(most: number): LogEntry[] {
    return this.#waiting.splice(0, most);
  }

  clear(): void {
    this.#waiting = [];
    this.#leftOut = 0;
  }
}
