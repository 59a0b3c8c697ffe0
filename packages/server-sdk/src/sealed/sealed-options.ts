import { createSigner, toBase64Url, xchacha } from "#ciphers";
import { decodeBase64, type Cipher } from "@sealcast/crypto";
import { createSealedRing, type Padding, type SealedRing, type Signer } from "@sealcast/crypto/sealed";
import { timeOf } from "../encryption-options.ts";
import { checkFunctionOption, checkOptionNames, typeName } from "../option-names.ts";
import { SealcastError } from "../sealcast-error.ts";

/** A key of the ring of sealed channels, in the form in which configuration holds it. */
export interface SealedKeyOption {
  /** Base64 of 32 random bytes, as {@link generateMasterKey} returns. Never the master key of encrypted channels. */
  readonly key: string;
  /** When publishers begin to seal with it: a `Date`, an ISO text, or Unix milliseconds. Default: from the start. */
  readonly from?: Date | string | number;
}

/** The publisher's signature on sealed events. */
export interface SigningOptions {
  /** Base64 of the 32 random bytes of an Ed25519 secret, as {@link generateMasterKey} returns. */
  readonly secret: string;
  /** Further public keys that clients accept, base64 of 32 bytes: those of other publishers, and of the next secret. */
  readonly publicKeys?: readonly string[];
}

/**
 * Turns on sealed channels: the names that start with `private-sealed-`, `presence-sealed-`, `private-cache-sealed-` and
 * `presence-cache-sealed-`.
 *
 * @example
 * ```ts
 * const sealed = {
 *   ring: [{ key: process.env.SEALED_KEY_1 }, { key: process.env.SEALED_KEY_2, from: "2027-01-01T03:00:00Z" }],
 * };
 * ```
 */
export interface SealedOptions {
  /** Keys that follow one another. Announce a key at least 6 hours before its time. */
  readonly ring: readonly SealedKeyOption[];
  /** How long clients still get a replaced key, in milliseconds. Default 7,200,000 (2 hours). */
  readonly overlapMs?: number;
  /**
   * Returns a counter of the channel, from 0. Raise it after you have removed a member: the channel then gets a new key,
   * which only members who stay can ask for. Every backend must return the same number. Default: always 0.
   */
  readonly generation?: (channel: string) => number;
  /** Signs all events, and makes clients refuse events without a signature. Default: no signature. */
  readonly signing?: SigningOptions;
  /** Sends events as `sealed`, with their names inside the envelope. Default false. */
  readonly hideEventNames?: boolean;
  /** Base64 of 32 random bytes, for hidden channel names. It stays the same when the ring rotates. Default: none. */
  readonly nameKey?: string;
  /**
   * Replaces the user ids on sealed presence channels by pseudonyms of 22 characters, another one on each channel, so that
   * the server and its webhooks do not see who is there. Needs `nameKey`. Default false.
   */
  readonly blindUserIds?: boolean;
  /**
   * Seals the events of `sendToUser`, and gives users their keys at sign-in. Only users who sign in with `@sealcast/client`
   * can then read these events. Default false.
   */
  readonly userEvents?: boolean;
  /** How envelopes are padded: `padme` (at most 12% longer), `none`, or to multiples of a number of bytes. Default `padme`. */
  readonly padding?: Padding;
}

/** Checked options of sealed channels. */
export interface SealedSettings {
  readonly ring: SealedRing;
  readonly generation: (channel: string) => number;
  readonly signer: Signer | undefined;
  /** Public keys that clients accept, that of the signer included. */
  readonly publicKeys: readonly Uint8Array[];
  readonly hideEventNames: boolean;
  readonly nameKey: Uint8Array | undefined;
  readonly blindUserIds: boolean;
  readonly userEvents: boolean;
  readonly padding: Padding;
  /** The fastest implementations of the cipher and of base64url on this platform. */
  readonly cipher: Cipher;
  readonly toBase64Url: (bytes: Uint8Array) => string;
}

const names = [
  "ring",
  "overlapMs",
  "generation",
  "signing",
  "hideEventNames",
  "nameKey",
  "blindUserIds",
  "userEvents",
  "padding",
] as const satisfies readonly (keyof SealedOptions)[];

/**
 * Reads the options of sealed channels.
 *
 * @throws {SealcastError} `invalid-options`. The message never contains a value, because it may be a key in the wrong place.
 */
export function readSealedOptions(options: SealedOptions): SealedSettings {
  checkOptionNames("The option sealed", options, names, { keys: "ring" });
  const {
    generation = () => 0,
    hideEventNames = false,
    blindUserIds = false,
    userEvents = false,
    padding = "padme",
  } = options;
  for (const [name, value] of Object.entries({ hideEventNames, blindUserIds, userEvents })) {
    if (typeof value !== "boolean") {
      throw invalid(`The option sealed.${name} must be true or false, got ${typeName(value)}`);
    }
  }
  checkFunctionOption("The option sealed", "generation", generation);
  checkPadding(padding);
  const nameKey =
    options.nameKey === undefined ? undefined : readKey(options.nameKey, "The name key of sealed channels");
  if (blindUserIds && nameKey === undefined) throw invalid("The option sealed needs a nameKey to hide user ids");
  return {
    ring: readSealedRing(options),
    generation,
    ...readSigning(options.signing),
    hideEventNames,
    nameKey,
    blindUserIds,
    userEvents,
    padding,
    cipher: xchacha,
    toBase64Url,
  };
}

function readSealedRing({ ring, overlapMs }: SealedOptions): SealedRing {
  if (!Array.isArray(ring)) throw invalid("The option sealed needs a ring: a list of keys");
  if (overlapMs !== undefined && typeof overlapMs !== "number") {
    throw invalid(`The option sealed.overlapMs must be a number, got ${typeName(overlapMs)}`);
  }
  const keys = ring.map((entry: Partial<SealedKeyOption> | null | undefined, index) => ({
    key: readKey(entry?.key, `Key ${index} of the ring of sealed channels`),
    fromMs: entry?.from === undefined ? 0 : timeOf(entry.from),
  }));
  try {
    return createSealedRing(keys, overlapMs);
  } catch (cause) {
    throw invalid(cause instanceof Error ? cause.message : "The option sealed is not valid", { cause });
  }
}

function readSigning(signing: SigningOptions | undefined): Pick<SealedSettings, "signer" | "publicKeys"> {
  if (signing === undefined) return { signer: undefined, publicKeys: [] };
  checkOptionNames("The option sealed.signing", signing, ["secret", "publicKeys"]);
  const { publicKeys = [] } = signing;
  if (!Array.isArray(publicKeys)) throw invalid("The option sealed.signing.publicKeys must be a list of keys");
  const signer = createSigner(readKey(signing.secret, "The signing secret of sealed channels"));
  const others = publicKeys.map((key) => readKey(key, "Each public key of sealed channels"));
  return { signer, publicKeys: [signer.publicKey, ...others] };
}

function checkPadding(padding: unknown): void {
  if (padding === "padme" || padding === "none") return;
  if (typeof padding === "number" && Number.isInteger(padding) && padding >= 1 && padding <= 65_536) return;
  const found = typeof padding === "number" ? padding : typeName(padding);
  throw invalid(`The option sealed.padding must be "padme", "none" or a number of bytes from 1 to 65536, got ${found}`);
}

function readKey(text: unknown, what: string): Uint8Array {
  const bytes = typeof text === "string" ? decodeBase64(text) : undefined;
  if (bytes?.length !== 32) throw invalid(`${what} must be base64 of 32 bytes`);
  // Text that somebody typed is not random, and sealed channels have no old keys to stay compatible with.
  if (new Set(bytes).size < 8) throw invalid(`${what} must be random`);
  return bytes;
}

function invalid(message: string, details: { readonly cause?: unknown } = {}): SealcastError {
  return new SealcastError("invalid-options", message, details);
}
