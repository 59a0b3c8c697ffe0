import { createKeyRing, encodeBase64, looksWeak, type Derivation, type KeyRing, type RingKey } from "@sealcast/crypto";
import { checkOptionNames } from "./option-names.ts";
import { webPlatform, type Platform } from "./platform.ts";
import { SealcastError } from "./sealcast-error.ts";
import { warnOnce } from "./warn-once.ts";

/** A master key of the app, in the form in which configuration holds it. */
export interface MasterKeyOption {
  /** Base64 of 32 random bytes: `openssl rand -base64 32`. */
  readonly key: string;
  /** When publishers begin to encrypt with it: a `Date`, an ISO text, or Unix milliseconds. Default: from the start. */
  readonly from?: Date | string | number;
  /** Default `sha256`; `dotnet` for keys shared with the official .NET library. */
  readonly derivation?: Derivation;
}

/**
 * Master keys that follow one another, and how one replaces the other.
 *
 * @example
 * ```ts
 * const encryption = {
 *   ring: [{ key: process.env.KEY_1 }, { key: process.env.KEY_2, from: "2027-01-01T03:00:00Z" }],
 * };
 * ```
 */
export interface EncryptionOptions {
  readonly ring: readonly MasterKeyOption[];
  /** How long publishes on an encrypted channel wait when its rotation begins, in milliseconds. Default 2,000; 0: no pause. */
  readonly rotationPauseMs?: number;
  /** The time over which the rotations of all channels are spread, in milliseconds. Default 0. */
  readonly staggerMs?: number;
  /** How long clients still get a replaced key, in milliseconds. Default 2,100,000 (35 minutes). */
  readonly overlapMs?: number;
}

/**
 * Returns a new master key for the configuration: base64 of 32 random bytes.
 *
 * @example
 * ```ts
 * console.log(generateMasterKey()); // once; keep the result where the application's secrets are
 * ```
 */
export function generateMasterKey(platform: Pick<Platform, "randomBytes"> = webPlatform): string {
  return encodeBase64(platform.randomBytes(32));
}

/**
 * Reads a key ring from configuration.
 *
 * @throws {SealcastError} `invalid-options`. The message never contains a value, because it may be a key in the wrong place.
 */
export function readRing(options: EncryptionOptions): KeyRing {
  checkOptionNames("The option encryption", options ?? {}, ringOptions, { keys: "ring", pauseMs: "rotationPauseMs" });
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
 * Reads a master key; undefined if it is not padded base64. Like the official libraries, it ignores the unused bits of
 * the last character: tools write zeros there, people may not.
 */
export function readMasterKey(text: unknown): Uint8Array | undefined {
  if (typeof text !== "string" || !paddedBase64.test(text)) return undefined;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

const ringOptions = [
  "ring",
  "rotationPauseMs",
  "staggerMs",
  "overlapMs",
] as const satisfies readonly (keyof EncryptionOptions)[];

const paddedBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** JavaScript applications are not type-checked: an environment variable that is not set arrives as undefined. */
function readKey(entry: Partial<MasterKeyOption> | null | undefined, index: number): RingKey {
  const masterKey = readMasterKey(entry?.key);
  if (masterKey === undefined) throw invalid(`Key ${index} of the ring must be base64 of 32 random bytes`);
  const { from = 0, derivation = "sha256" } = entry ?? {};
  const fromMs = timeOf(from);
  if (Number.isNaN(fromMs)) throw invalid(`Key ${index} of the ring has a time that cannot be read`);
  if (!derivations.has(derivation)) throw invalid(`Key ${index} of the ring must have the derivation sha256 or dotnet`);
  return { masterKey, fromMs, derivation };
}

/** Returns a time in Unix milliseconds; NaN if it cannot be read. */
export function timeOf(time: unknown): number {
  const isTime = typeof time === "number" || typeof time === "string" || time instanceof Date;
  return isTime ? new Date(time).getTime() : Number.NaN;
}

const derivations: ReadonlySet<unknown> = new Set<Derivation>(["sha256", "dotnet"]);

/** The message does not contain the key. The deprecated text option of the official library led to many weak keys. */
function warnIfWeak(masterKey: Uint8Array): void {
  if (looksWeak(masterKey)) {
    warnOnce("An encryption master key looks weak: use 32 random bytes, such as `openssl rand -base64 32` prints.");
  }
}

function invalid(message: string, details: { readonly cause?: unknown } = {}): SealcastError {
  return new SealcastError("invalid-options", message, details);
}
