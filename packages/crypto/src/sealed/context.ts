import { concatBytes } from "@noble/ciphers/utils.js";
import { encodeUtf8 } from "../utf8.ts";

/** Who sealed an envelope, and for what: the second byte of the envelope. */
export const sealedKinds = { "server-event": 1, "client-event": 2, "member-info": 3, "user-event": 4 } as const;

/** Name of a kind of envelope. */
export type SealedKind = keyof typeof sealedKinds;

/** What an envelope is bound to. An envelope that the server moves to another context does not open. */
export interface SealedContext {
  /** Who sealed it, and for what. */
  readonly kind: SealedKind;
  /** Name of the channel on the wire. */
  readonly channel: string;
  /** Name of the event on the wire, or the user id for member info. */
  readonly label: string;
}

/** First bytes of everything that sealed channels derive, authenticate or sign. */
export const protocolLabel: Uint8Array = encodeUtf8("sealed-channels v2");

/** Bytes of an envelope before its nonce: version, kind, key id. */
export const headerBytes = 10;

/** Returns the associated data of an envelope: its first ten bytes and its context. */
export function associatedData(header: Uint8Array, { channel, label }: SealedContext): Uint8Array {
  return concatBytes(protocolLabel, header, lengthPrefixed(channel), lengthPrefixed(label));
}

/**
 * Returns a text as UTF-8 behind its length in two bytes, big-endian.
 *
 * @throws {RangeError} if it is longer than 65,535 bytes.
 */
export function lengthPrefixed(text: string): Uint8Array {
  const bytes = encodeUtf8(text);
  if (bytes.length > 0xffff) throw new RangeError(`Invalid text: expected at most 65535 bytes, got ${bytes.length}`);
  return concatBytes(Uint8Array.of(bytes.length >> 8, bytes.length), bytes);
}
