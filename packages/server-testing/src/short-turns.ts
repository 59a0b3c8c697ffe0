import type { Turns } from "@sealcast/server";

/** Turns that have time for a few pieces of work each. A test begins the next one with `pass`. */
export class ShortTurns implements Turns {
  readonly #pieces: number;
  #left: number;
  #waiting: (() => void)[] = [];

  /** @param pieces pieces of work for which a turn has time, of all works together. */
  constructor(pieces: number) {
    this.#pieces = pieces;
    this.#left = pieces;
  }

  hasTime(): boolean {
    this.#left -= 1;
    return this.#left > 0;
  }

  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Begins the next turn, and resolves at its end. */
  async pass(): Promise<void> {
    this.#left = this.#pieces;
    for (const resolve of this.#waiting.splice(0)) resolve();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
