/** Counts numbered messages from the first one that arrived on, in whatever order they come. */
export class MessageCount {
  readonly #numbers = new Set<number>();

  add(number: number): void {
    this.#numbers.add(number);
  }

  get received(): number {
    return this.#numbers.size;
  }

  /** How many there were to receive, up to the newest that arrived. */
  get sent(): number {
    if (this.#numbers.size === 0) return 0;
    return Math.max(...this.#numbers) - Math.min(...this.#numbers) + 1;
  }
}
