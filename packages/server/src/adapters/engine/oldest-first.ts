import { ShardedMap } from "../../core/sharded-map.ts";

interface Entry<K extends string, V> {
  readonly key: K;
  readonly value: V;
  older: Entry<K, V> | undefined;
  newer: Entry<K, V> | undefined;
}

/**
 * A map that knows its oldest entry at once. A `Map` keeps places of deleted entries: the search for its first one passes all of
 * them, and takes milliseconds in a large map whose oldest entries are deleted one after another.
 */
export class OldestFirst<K extends string, V> {
  readonly #entries = new ShardedMap<Entry<K, V>>();
  #oldest: Entry<K, V> | undefined;
  #newest: Entry<K, V> | undefined;

  get size(): number {
    return this.#entries.size;
  }

  get oldest(): { readonly key: K; readonly value: V } | undefined {
    return this.#oldest;
  }

  get(key: K): V | undefined {
    return this.#entries.get(key)?.value;
  }

  /** In no particular order. */
  keys(): Iterable<K> {
    return this.#entries.keys() as Iterable<K>;
  }

  /** Adds an entry as the newest one, in place of an earlier one with this key. */
  add(key: K, value: V): void {
    const known = this.#entries.get(key);
    if (known !== undefined) this.#unlink(known);
    const entry: Entry<K, V> = { key, value, older: undefined, newer: undefined };
    this.#entries.set(key, entry);
    this.#append(entry);
  }

  /** Makes an entry the newest one. */
  renew(key: K): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#unlink(entry);
    this.#append(entry);
  }

  delete(key: K): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#unlink(entry);
  }

  #append(entry: Entry<K, V>): void {
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
  }

  #unlink({ older, newer }: Entry<K, V>): void {
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
  }
}
