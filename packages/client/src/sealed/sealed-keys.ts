import { decodeBase64Url } from "@sealcast/crypto";
import { fieldsOf, textOf } from "../untrusted.ts";

/** A key of a sealed channel. */
export interface SealedChannelKey {
  readonly id: string;
  readonly key: Uint8Array;
  /** When the key is forgotten; infinity while the latest response has it. */
  readonly forgottenAt: number;
}

/** Keys, signers and times from an authorization response. */
export interface SealedGrant {
  readonly keys: readonly (Omit<SealedChannelKey, "forgottenAt"> & { readonly ttlMs: number | undefined })[];
  /** Public keys by their ids. */
  readonly signers: ReadonlyMap<string, Uint8Array>;
  readonly isSignatureRequired: boolean;
  /** The time of the application's server, in Unix milliseconds. */
  readonly serverNowMs: number;
}

/** Most keys that are kept for a channel. */
const maxKeys = 8;
/** How long a key is kept that the application's server no longer sends, in milliseconds. */
const supersededMs = 3_600_000;
const keyBytes = 32;

/** Reads the field `e2e` of an authorization response. Leaves out keys that are not valid. */
export function parseSealedGrant(e2e: unknown): SealedGrant {
  const { keys, sign, signers, now } = fieldsOf(e2e);
  return {
    keys: read(keys),
    signers: new Map(read(signers).map(({ id, key }) => [id, key])),
    // Anything but a clear "off" requires signatures.
    isSignatureRequired: sign !== "off",
    serverNowMs: typeof now === "number" ? now : Infinity,
  };
}

/** Keys with their ids; entries that are not valid are left out. */
function read(list: unknown): { id: string; key: Uint8Array; ttlMs: number | undefined }[] {
  return (Array.isArray(list) ? list.slice(0, maxKeys) : []).flatMap((entry: unknown) => {
    const { id, key, ttl_ms: ttlMs } = fieldsOf(entry);
    const bytes = decodeBase64Url(textOf(key));
    if (bytes?.length !== keyBytes) return [];
    return [{ id: textOf(id), key: bytes, ttlMs: typeof ttlMs === "number" ? ttlMs : undefined }];
  });
}

/** The keys of one sealed channel, selected by their ids. */
export interface SealedKeys {
  get(id: string, nowMs: number): Uint8Array | undefined;
  /** Returns the key to seal with; undefined if there is none. */
  sealingKey(): SealedChannelKey | undefined;
  /** Adds the keys of one response, the one to seal with first. Returns whether one of them is new. */
  add(keys: SealedGrant["keys"], nowMs: number): boolean;
  /** Forgets all keys. */
  clear(): void;
}

/** Creates an empty set of keys. Responses only add keys; they are removed by time and by number. */
export function createSealedKeys(): SealedKeys {
  let entries: readonly SealedChannelKey[] = [];
  return {
    get: (id, nowMs) => entries.find((entry) => entry.id === id && nowMs < entry.forgottenAt)?.key,
    sealingKey: () => entries[0],
    add(keys, nowMs) {
      const known = entries.filter(({ forgottenAt }) => nowMs < forgottenAt);
      const latest = keys.map(({ id, key, ttlMs }) => ({
        id,
        key,
        forgottenAt: ttlMs === undefined ? Infinity : nowMs + ttlMs,
      }));
      const older = known
        .filter(({ id }) => !latest.some((entry) => entry.id === id))
        .map((entry) => ({ ...entry, forgottenAt: Math.min(entry.forgottenAt, nowMs + supersededMs) }));
      entries = [...latest, ...older].slice(0, maxKeys);
      return latest.some(({ id }) => !known.some((entry) => entry.id === id));
    },
    clear() {
      for (const { key } of entries) key.fill(0);
      entries = [];
    },
  };
}
