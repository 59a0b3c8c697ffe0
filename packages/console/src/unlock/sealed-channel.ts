import { contentOf, deriveSealedKey, openEnvelope, sealEnvelope, type SealedKey } from "@sealcast/crypto/sealed";

/** An event on a sealed channel, as the log has it. */
export interface SealedEvent {
  readonly channel: string;
  readonly event: string;
  readonly data: string;
  readonly sender: "server" | "client";
}

/** What opening came to. */
export type OpenedEvent =
  | {
      readonly ok: true;
      readonly text: string;
      /** Whether the data is bytes, of which `text` says only how many there are. */
      readonly isBinary: boolean;
      readonly keyIndex: number;
      readonly hiddenName: string | undefined;
    }
  | { readonly ok: false; readonly reason: "malformed" | "auth-failed" };

/**
 * Generations of a channel's key that are tried: each removal of a member begins another one, and nothing on the wire
 * says which it is.
 */
const maxGenerations = 32;

/** The id of the key that an envelope names; undefined if the data is no envelope. */
export function keyIdOf(data: string): string | undefined {
  const sealed = sealedField(data);
  if (sealed === undefined || sealed.length < 14) return undefined;
  // The first ten bytes are version, kind and key id.
  const bytes = atob(sealed.slice(0, 14).replaceAll("-", "+").replaceAll("_", "/").padEnd(16, "="));
  return btoa(bytes.slice(2, 10)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The keys of a channel that some ring keys make, by their ids. */
export class SealedChannel {
  readonly #name: string;
  readonly #keys = new Map<string, { readonly key: SealedKey; readonly index: number }>();
  readonly #inUse: SealedKey | undefined;
  #lastSeen: SealedKey | undefined;

  /**
   * @param ringKeys 32 bytes each.
   * @param inUse index of the ring key that seals.
   */
  constructor(appId: string, channel: string, ringKeys: readonly Uint8Array[], inUse: number) {
    this.#name = channel;
    for (const [index, ringKey] of ringKeys.entries()) {
      for (let generation = 0; generation < maxGenerations; generation += 1) {
        const key = deriveSealedKey(ringKey, { appId, channel, generation });
        this.#keys.set(key.id, { key, index });
        if (index === inUse && generation === 0) this.#inUse = key;
      }
    }
  }

  open({ event, data, sender }: SealedEvent): OpenedEvent {
    const kind = sender === "client" ? "client-event" : "server-event";
    const context = { kind, channel: this.#name, label: event } as const;
    const opened = openEnvelope(jsonOf(data), context, (id) => this.#keys.get(id)?.key.key);
    if (!opened.ok) {
      const isClosed = opened.reason === "unknown-key" || opened.reason === "auth-failed";
      return { ok: false, reason: isClosed ? "auth-failed" : "malformed" };
    }
    const used = this.#keys.get(opened.keyId);
    const content = contentOf(opened, context);
    if (content === undefined || used === undefined) return { ok: false, reason: "malformed" };
    this.#lastSeen = used.key;
    const { value } = content;
    const isBinary = value instanceof Uint8Array;
    const text = isBinary ? `${value.length} bytes` : JSON.stringify(value);
    return { ok: true, text, isBinary, keyIndex: used.index, hiddenName: opened.hiddenName };
  }

  /** Whether a key id belongs to one of the ring keys; returns the index of that key. */
  indexOf(keyId: string): number | undefined {
    return this.#keys.get(keyId)?.index;
  }

  /** Seals an event with the key that was seen last, otherwise with the first one of the ring key in use. */
  seal(event: string, payload: string): string | undefined {
    const key = this.#lastSeen ?? this.#inUse;
    if (key === undefined) return undefined;
    const stamp = { session: random(8), seq: 1, sentMs: Date.now() };
    const sealable = { kind: "server-event", channel: this.#name, label: event, stamp, payload } as const;
    return sealEnvelope(sealable, key, random(24));
  }
}

function random(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

function sealedField(data: string): string | undefined {
  const value = jsonOf(data);
  const field = typeof value === "object" && value !== null && "sealed" in value ? value.sealed : undefined;
  return typeof field === "string" && /^[\w-]*$/.test(field) ? field : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
