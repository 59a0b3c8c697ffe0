/** Most keys that are kept for a channel. */
const mostSecrets = 4;
/** How long a key is kept that the application's server hands out no longer, in milliseconds. */
const supersededMs = 3_600_000;

interface Entry {
  readonly text: string;
  readonly secret: Uint8Array;
  /** When a fetch no longer had this key; infinity while the latest one has it. */
  readonly supersededAt: number;
}

/** The keys of one encrypted channel, newest first. A fetch adds keys; only time and number remove any. */
export class SecretRing {
  #entries: readonly Entry[] = [];

  /** The keys to try, newest first. */
  secrets(nowMs: number): readonly Uint8Array[] {
    return this.#kept(nowMs).map(({ secret }) => secret);
  }

  /**
   * Takes the keys of one fetch, the one to seal with first.
   *
   * @param parse reads a key; undefined where the text is none.
   * @returns whether one of them is new.
   */
  learn(texts: readonly string[], nowMs: number, parse: (text: string) => Uint8Array | undefined): boolean {
    const older = this.#kept(nowMs);
    const latest = [...new Set(texts)].flatMap((text) => {
      const secret = parse(text);
      return secret ? [{ text, secret, supersededAt: Infinity }] : [];
    });
    const rest = older
      .filter(({ text }) => !texts.includes(text))
      .map((entry) => ({ ...entry, supersededAt: Math.min(entry.supersededAt, nowMs) }));
    this.#entries = [...latest, ...rest].slice(0, mostSecrets);
    return latest.some(({ text }) => !older.some((entry) => entry.text === text));
  }

  /** Forgets all keys. */
  clear(): void {
    for (const { secret } of this.#entries) secret.fill(0);
    this.#entries = [];
  }

  #kept(nowMs: number): readonly Entry[] {
    return this.#entries.filter(({ supersededAt }) => nowMs < supersededAt + supersededMs);
  }
}
