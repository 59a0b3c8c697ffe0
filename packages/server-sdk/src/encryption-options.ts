import { createKeyRing, encodeBase64, looksWeak, type Derivation, type KeyRing, type RingKey } from "@sealcast/crypto";
import { webPlatform, type Platform } from "./platform.ts";
import { SealcastError } from "./sealcast-error.ts";
import { warnOnce } from "./warn-once.ts";

/** A master key of the app, as configuration holds it. */
export interface MasterKeyOption {
  /** Base64 of 32 random bytes: `openssl rand -base64 32`. */
  readonly key: string;
  /** From when publishers seal with it. Default: since ever. */
  readonly from?: Date | string | number;
  /** Default `sha256`; `dotnet` for keys shared with the official .NET library. */
  readonly derivation?: Derivation;
}

/** Master keys that follow one another, and their rhythm. */
export interface EncryptionOptions {
  readonly ring: readonly MasterKeyOption[];
  /** How long publishes on an encrypted channel wait from its switch on, in milliseconds. Default 2,000; 0: not at all. */
  readonly rotationPauseMs?: number;
  /** Over how long the channels spread a switch, in milliseconds. Default 0. */
  readonly staggerMs?: number;
  /** How long a replaced key is still handed out, in milliseconds. Default 35 minutes. */
  readonly overlapMs?: number;
}

/** A new master key as configuration wants it: base64 of 32 random bytes. */
export function generateMasterKey(platform: Pick<Platform, "randomBytes"> = webPlatform): string {
  return encodeBase64(platform.randomBytes(32));
}

/** Reads a key ring out of configuration. Throws `invalid-options`; no text repeats a value, which may be a misplaced key. */
export function readRing(options: EncryptionOptions): KeyRing {
  const { ring } = (options ?? {}) as Partial<EncryptionOptions>;
  if (!Array.isArray(ring)) throw invalid("The option encryption needs a ring: a list of keys");
  const keys = ring.map(readKey);
  for (const { masterKey } of keys) warnIfWeak(masterKey);
  try {
    return createKeyRing(keys, options);
  } catch (cause) {
    throw invalid(cause instanceof Error ? cause.message : "The key ring is not valid", { cause });
  }
}

/**
 * Reads a master key; undefined where it is not padded base64. Like the official libraries it ignores the unused bits of
 * the last character, which are zero in what tools write and need not be in what people write.
 */
export function readMasterKey(text: unknown): Uint8Array | undefined {
  if (typeof text !== "string" || !paddedBase64.test(text)) return undefined;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

const paddedBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Code without types gets here, too: with a variable of the environment that is not set, for example. */
function readKey(entry: Partial<MasterKeyOption> | null | undefined, index: number): RingKey {
  const masterKey = readMasterKey(entry?.key);
  if (masterKey === undefined) throw invalid(`Key ${index} of the ring must be base64 of 32 random bytes`);
  const { from = 0, derivation = "sha256" } = entry ?? {};
  const fromMs = new Date(from).getTime();
  if (Number.isNaN(fromMs)) throw invalid(`Key ${index} of the ring has a time that cannot be read`);
  if (!derivations.has(derivation)) throw invalid(`Key ${index} of the ring must have the derivation sha256 or dotnet`);
  return { masterKey, fromMs, derivation };
}

const derivations: ReadonlySet<unknown> = new Set<Derivation>(["sha256", "dotnet"]);

/** The key is not in the message. The deprecated text option of the official library made many such keys. */
function warnIfWeak(masterKey: Uint8Array): void {
  if (looksWeak(masterKey)) {
    warnOnce("An encryption master key looks weak: use 32 random bytes, such as `openssl rand -base64 32` prints.");
  }
}

function invalid(message: string, details: { readonly cause?: unknown } = {}): SealcastError {
  return new SealcastError("invalid-options", message, details);
}
