/** Number of parts: a power of two. */
const parts = 64;
/** Numbers of FNV-1a, a hash function. */
const [fnvStart, fnvPrime] = [0x811c9dc5, 0x01000193];

/**
 * A map for very many texts. A `Map` that grows, or whose entries often change, is copied from time to time: with 100,000 entries,
 * that takes milliseconds at once. This one has many small parts.
 */
export class ShardedMap<V> {
  readonly #parts: readonly Map<string, V>[] = Array.from({ length: parts }, () => new Map<string, V>());
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: string): V | undefined {
    return this.#partOf(key).get(key);
  }

  set(key: string, value: V): void {
    const part = this.#partOf(key);
    const before = part.size;
    part.set(key, value);
    this.#size += part.size - before;
  }

  /** Returns whether the entry was there. */
  delete(key: string): boolean {
    const wasThere = this.#partOf(key).delete(key);
    if (wasThere) this.#size -= 1;
    return wasThere;
  }

  /** In no particular order. Leaves out what is deleted meanwhile. */
  *keys(): Iterable<string> {
    for (const part of this.#parts) yield* part.keys();
  }

  #partOf(key: string): Map<string, V> {
    let hash = fnvStart;
    for (let index = 0; index < key.length; index += 1) hash = Math.imul(hash ^ key.charCodeAt(index), fnvPrime);
    // The highest bits depend on all characters.
    return this.#parts[hash >>> 26] ?? new Map<string, V>();
  }
}
