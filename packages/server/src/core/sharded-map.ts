import { hashOf } from "./text-hash.ts";

/** Most parts: 2 to the power of the bits of a hash that choose one. */
const partBits = 6;

/**
 * A map for very many texts. A `Map` that grows, or whose entries often change, is copied from time to time: with 100,000 entries,
 * that takes milliseconds at once. This one has up to 64 small parts; an empty one takes little memory.
 */
export class ShardedMap<V> {
  /** A part that has never had an entry is missing. */
  readonly #parts: (Map<string, V> | undefined)[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: string): V | undefined {
    return this.#parts[partOf(key)]?.get(key);
  }

  set(key: string, value: V): void {
    const part = (this.#parts[partOf(key)] ??= new Map<string, V>());
    const before = part.size;
    part.set(key, value);
    this.#size += part.size - before;
  }

  /** Returns whether the entry was there. */
  delete(key: string): boolean {
    const wasThere = this.#parts[partOf(key)]?.delete(key) === true;
    if (wasThere) this.#size -= 1;
    return wasThere;
  }

  /** In no particular order. Leaves out what is deleted meanwhile. */
  *keys(): Iterable<string> {
    for (const part of this.#parts) if (part !== undefined) yield* part.keys();
  }
}

/** The highest bits of the hash depend on all characters. */
function partOf(key: string): number {
  return hashOf(key) >>> (32 - partBits);
}
