/** Most channels whose keys are remembered. A forgotten key is derived again. */
const maxKeys = 10_000;

/** A derived key, and until when publishers use it, in Unix milliseconds. */
export interface DerivedKey<Key> {
  readonly key: Key;
  readonly untilMs: number;
}

interface Entry<Key> extends DerivedKey<Key> {
  readonly version: number;
  readonly fromMs: number;
}

/** The keys that publishers use on each channel, so that an event does not derive its key again: that takes longer than sealing. */
export class KeyCache<Key> {
  readonly #entries = new Map<string, Entry<Key>>();

  /**
   * Returns the key of a channel at this time.
   *
   * @param version another version has another key.
   * @param derive derives the key if it is not known, or no longer in use.
   */
  at(channel: string, version: number, nowMs: number, derive: () => DerivedKey<Key>): Key {
    const known = this.#entries.get(channel);
    if (known?.version === version && known.fromMs <= nowMs && nowMs < known.untilMs) return known.key;
    const derived = derive();
    this.#entries.delete(channel);
    this.#entries.set(channel, { ...derived, version, fromMs: nowMs });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > maxKeys && oldest !== undefined) this.#entries.delete(oldest);
    return derived.key;
  }
}
