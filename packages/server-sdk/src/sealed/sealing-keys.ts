import {
  sealedSwitchMs,
  sealingKey,
  type SealedKey,
  type SealedKeyContext,
  type SealedRing,
} from "@sealcast/crypto/sealed";

/** Most channels whose keys are remembered. A forgotten key is derived again. */
const maxKeys = 10_000;

interface Entry {
  readonly key: SealedKey;
  readonly generation: number;
  /** The times between which publishers seal with the key, in Unix milliseconds. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The keys that publishers seal with, so that an event does not derive its key again: that takes longer than sealing it. */
export class SealingKeys {
  readonly #ring: SealedRing;
  readonly #entries = new Map<string, Entry>();

  constructor(ring: SealedRing) {
    this.#ring = ring;
  }

  /** Returns the key for an event at this time. */
  at(context: SealedKeyContext, nowMs: number): SealedKey {
    const { channel, generation } = context;
    const known = this.#entries.get(channel);
    if (known?.generation === generation && known.fromMs <= nowMs && nowMs < known.untilMs) return known.key;
    const key = sealingKey(this.#ring, context, nowMs);
    this.#entries.delete(channel);
    const untilMs = nowMs + (sealedSwitchMs(this.#ring, nowMs) ?? Infinity);
    this.#entries.set(channel, { key, generation, fromMs: nowMs, untilMs });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > maxKeys && oldest !== undefined) this.#entries.delete(oldest);
    return key;
  }
}
