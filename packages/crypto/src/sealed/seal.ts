import { concatBytes } from "@noble/ciphers/utils.js";
import { decodeBase64Url, encodeBase64Url } from "../base64.ts";
import type { Cipher } from "../cipher.ts";
import { xchacha20Poly1305 } from "../ciphers/xchacha20-poly1305.ts";
import { encodeUtf8 } from "../utf8.ts";
import { associatedData, headerBytes, sealedKinds, type SealedContext } from "./context.ts";
import { encodeFrame, frameLength, padFrame, type SenderStamp } from "./frame.ts";
import { paddedLength, type Padding } from "./padding.ts";
import type { SealedKey } from "./sealed-key.ts";
import { messageToSign, type Signer } from "./signer.ts";

/** First byte of every envelope. */
export const envelopeVersion = 2;

/** An event, or a member's info, to seal. */
export interface Sealable extends SealedContext {
  /** Who sends it, when, and in which order. */
  readonly stamp: SenderStamp;
  /** JSON text, or bytes that receivers get as they are. */
  readonly payload: string | Uint8Array;
  /** The real name of the event if `label` hides it. */
  readonly hiddenName?: string | undefined;
}

/** How to seal. */
export interface SealOptions {
  /** How much the length is hidden. Default "padme". */
  readonly padding?: Padding | undefined;
  /** Signs what is sealed. Default: no signature. */
  readonly signer?: Signer | undefined;
  /** Default: the portable implementation. */
  readonly cipher?: Cipher | undefined;
  /** Encodes bytes as base64url without padding. Default: the portable implementation. */
  readonly toBase64Url?: ((bytes: Uint8Array) => string) | undefined;
}

/**
 * Seals an event or a member's info. Returns the `data` on the wire: `{"sealed":"…"}`.
 *
 * @param nonce 24 bytes from a cryptographic generator, never used before.
 * @throws {RangeError} if the key, the nonce or a part of the stamp has a wrong length or is out of range.
 * @example
 * const stamp = { session: crypto.getRandomValues(new Uint8Array(8)), seq: 1, sentMs: Date.now() };
 * const event = { kind: "server-event", channel: "private-sealed-orders", label: "created", stamp, payload: '{"total":12}' };
 * const data = sealEnvelope(event, key, crypto.getRandomValues(new Uint8Array(24)));
 */
export function sealEnvelope(
  sealable: Sealable,
  { id, key }: SealedKey,
  nonce: Uint8Array,
  { padding = "padme", signer, cipher = xchacha20Poly1305, toBase64Url = encodeBase64Url }: SealOptions = {},
): string {
  const { kind, stamp, payload, hiddenName } = sealable;
  const header = concatBytes(Uint8Array.of(envelopeVersion, sealedKinds[kind]), decodeBase64Url(id) ?? noBytes);
  if (header.length !== headerBytes) throw new RangeError("Invalid key id: expected base64url of 8 bytes");
  const aad = associatedData(header, sealable);
  const isBinary = typeof payload !== "string";
  const bytes = isBinary ? payload : encodeUtf8(payload);
  const frame = encodeFrame({ stamp, hiddenName, payload: bytes, isBinary }, signer !== undefined);
  const parts = signer === undefined ? [frame] : signed(signer, aad, frame);
  const length = paddedLength(frameLength(bytes.length, hiddenName, signer !== undefined), padding);
  const ciphertext = cipher.seal(key, nonce, padFrame(parts, length), aad);
  return `{"sealed":"${toBase64Url(concatBytes(header, nonce, ciphertext))}"}`;
}

/**
 * Returns the length of the `data` that {@link sealEnvelope} returns, in characters.
 *
 * @param payloadBytes length of the payload in bytes.
 * @param hiddenName the hidden name of the event, if it has one.
 */
export function envelopeLength(
  payloadBytes: number,
  hiddenName: string | undefined,
  { padding = "padme", signer, cipher = xchacha20Poly1305 }: SealOptions = {},
): number {
  const frame = paddedLength(frameLength(payloadBytes, hiddenName, signer !== undefined), padding);
  const bytes = headerBytes + cipher.nonceBytes + frame + cipher.tagBytes;
  return '{"sealed":""}'.length + Math.ceil((bytes * 4) / 3);
}

const noBytes = new Uint8Array(0);

function signed(signer: Signer, aad: Uint8Array, frame: Uint8Array): Uint8Array[] {
  const signedFrame = concatBytes(frame, signer.id);
  return [signedFrame, signer.sign(messageToSign(aad, signedFrame))];
}
