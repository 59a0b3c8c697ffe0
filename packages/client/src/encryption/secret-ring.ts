/** Most keys that are kept for a channel. */
const maxSecrets = 4;
/** How long a key is kept that the application's server no longer sends, in milliseconds. */
const supersededMs = 3_600_000;

interface Entry {
  readonly text: string;
  readonly secret: Uint8Array;
  /** When a request no longer brought this key; infinity while the latest one did. */
  readonly supersededAt: number;
}

/** The keys of one encrypted channel, newest first. */
export interface SecretRing {
  /** Returns the keys to try, newest first. */
  secrets(nowMs: number): readonly Uint8Array[];
  /** Adds the keys of one request, the key to encrypt with first. Returns whether one of them is new. */
  add(texts: readonly string[], nowMs: number): boolean;
  /** Forgets all keys. */
  clear(): void;
}

/**
 * Creates an empty ring. Requests only add keys; they are removed by time and by number.
 *
 * @param parse reads a key; returns undefined if the text is not a key.
 */
export function createSecretRing(parse: (text: string) => Uint8Array | undefined): SecretRing {
  let entries: readonly Entry[] = [];
  const prune = (nowMs: number): readonly Entry[] =>
    (entries = entries.filter(({ supersededAt }) => nowMs < supersededAt + supersededMs));

  return {
    secrets: (nowMs) => prune(nowMs).map(({ secret }) => secret),
    add(texts, nowMs) {
      const older = prune(nowMs);
      const latest = [...new Set(texts)].flatMap((text) => {
        const secret = parse(text);
        return secret ? [{ text, secret, supersededAt: Infinity }] : [];
      });
      const rest = older
        .filter(({ text }) => !texts.includes(text))
        .map((entry) => ({ ...entry, supersededAt: Math.min(entry.supersededAt, nowMs) }));
      entries = [...latest, ...rest].slice(0, maxSecrets);
      return latest.some(({ text }) => !older.some((entry) => entry.text === text));
    },
    clear() {
      for (const { secret } of entries) secret.fill(0);
      entries = [];
    },
  };
}
