/** Counts numbered messages from the first one that arrived, in any order. */
export class MessageCount {
  readonly #numbers = new Set<number>();

  /** Adds a number. Returns false if it was there already. */
  add(number: number): boolean {
    if (this.#numbers.has(number)) return false;
    this.#numbers.add(number);
    return true;
  }

  get received(): number {
    return this.#numbers.size;
  }

  /** How many messages were sent, up to the newest that arrived. */
  get sent(): number {
    if (this.#numbers.size === 0) return 0;
    return Math.max(...this.#numbers) - Math.min(...this.#numbers) + 1;
  }
}
