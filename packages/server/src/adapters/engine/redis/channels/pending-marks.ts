/** What waits for a message of its own to come back, by the number of the request. */
export class PendingMarks<T> {
  readonly #entries = new Map<string, { readonly value: T; isOld: boolean }>();

  get size(): number {
    return this.#entries.size;
  }

  add(request: string, value: T): void {
    this.#entries.set(request, { value, isOld: false });
  }

  /** Removes an entry and returns its value. */
  remove(request: string): T | undefined {
    const value = this.#entries.get(request)?.value;
    this.#entries.delete(request);
    return value;
  }

  /** Removes and returns all entries, or only those that were there at the last call. */
  takeOld(all: boolean): readonly T[] {
    const taken: T[] = [];
    for (const [request, entry] of this.#entries) {
      if (all || entry.isOld) {
        this.#entries.delete(request);
        taken.push(entry.value);
      } else entry.isOld = true;
    }
    return taken;
  }
}
