import { ownProperties } from "@sealcast/protocol";
import { decodeBase64Url, encodeBase64Url } from "../base64.ts";
import type { Cipher } from "../cipher.ts";
import { xchacha20Poly1305 } from "../ciphers/xchacha20-poly1305.ts";
import { associatedData, headerBytes, sealedKinds, type SealedContext } from "./context.ts";
import { parseFrame, type ParsedFrame } from "./frame.ts";
import { isPlausibleName, payloadValue } from "./payload.ts";
import { envelopeVersion } from "./seal.ts";
import { messageToSign } from "./signer.ts";

/**
 * Why an envelope is refused. Keep an event that was refused with `unknown-key`: its key may arrive later. Every other
 * refusal is final.
 */
export type SealedRefusal =
  | "malformed"
  | "version"
  | "kind"
  | "unknown-key"
  | "auth-failed"
  | "unsigned"
  | "unknown-signer"
  | "bad-signature";

/** An opened envelope. Its signature is not verified yet, and it may be a replay. */
export interface OpenedEnvelope extends ParsedFrame {
  readonly ok: true;
  /** Id of the key that opened it, as base64url. */
  readonly keyId: string;
  /** What the signature covers; undefined if there is none. */
  readonly signedMessage: Uint8Array | undefined;
}

/** The result of opening an envelope. */
export type EnvelopeResult = OpenedEnvelope | { readonly ok: false; readonly reason: SealedRefusal };

/** How to open. */
export interface OpenOptions {
  /** Longest accepted envelope, in characters. Default 1,048,576, the most that a server can be configured to carry. */
  readonly maxCharacters?: number;
  /** Default: the portable implementation. */
  readonly cipher?: Cipher;
}

const nonceEnd = headerBytes + 24;
/** Header, nonce, the smallest frame and the tag. */
const minEnvelopeBytes = 75;

/**
 * Opens the `data` of a sealed event or a member's info: checks version and kind, selects the key by its id, decrypts and
 * parses the frame. Never throws, whatever the data.
 *
 * @param data an object with the field `sealed`; other fields are ignored.
 * @param context what the envelope must be bound to: the channel and the event under which it arrived.
 * @param keyOf returns the key with an id, 32 bytes, or undefined.
 * @example
 * const opened = openEnvelope(JSON.parse(event.data), context, (id) => keys.get(id));
 * if (opened.ok && signatureProblem(opened, signers, true, verifySignature) === undefined) {
 *   console.log(contentOf(opened, context)?.value);
 * }
 */
export function openEnvelope(
  data: unknown,
  context: SealedContext,
  keyOf: (id: string) => Uint8Array | undefined,
  { maxCharacters = 1_048_576, cipher = xchacha20Poly1305 }: OpenOptions = {},
): EnvelopeResult {
  const text = ownProperties(data)?.get("sealed");
  if (typeof text !== "string" || text.length > maxCharacters) return refuse("malformed");
  const envelope = decodeBase64Url(text);
  if (envelope === undefined || envelope.length < minEnvelopeBytes) return refuse("malformed");
  if (envelope[0] !== envelopeVersion) return refuse("version");
  if (envelope[1] !== sealedKinds[context.kind]) return refuse("kind");
  const header = envelope.subarray(0, headerBytes);
  const keyId = encodeBase64Url(header.subarray(2));
  const key = keyOf(keyId);
  if (key === undefined) return refuse("unknown-key");
  const aad = associatedData(header, context);
  const plaintext = cipher.open(key, envelope.subarray(headerBytes, nonceEnd), envelope.subarray(nonceEnd), aad);
  if (plaintext === undefined) return refuse("auth-failed");
  const frame = parseFrame(plaintext);
  // Member info is numbered 0, everything else from 1.
  if (frame === undefined || (frame.stamp.seq === 0) !== (context.kind === "member-info")) return refuse("malformed");
  const signedMessage = frame.signature && messageToSign(aad, frame.signature.signedFrame);
  return { ok: true, keyId, signedMessage, ...frame };
}

/** Returns whether an Ed25519 signature (64 bytes) of a message is one of this public key (32 bytes). Never throws. */
export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/**
 * Checks the signature of an opened envelope. Returns why the envelope is refused, or undefined if it is accepted. A
 * signature that is present must verify, whether or not one is required.
 *
 * @param signers public keys by their ids, as {@link signerIdText} returns them.
 * @param isRequired whether an envelope without a signature is refused.
 * @param verify for example `verifySignature` of `@sealcast/crypto/ed25519`.
 */
export function signatureProblem(
  { signature, signedMessage }: OpenedEnvelope,
  signers: ReadonlyMap<string, Uint8Array>,
  isRequired: boolean,
  verify: VerifySignature,
): SealedRefusal | undefined {
  if (signature === undefined || signedMessage === undefined) return isRequired ? "unsigned" : undefined;
  const publicKey = signers.get(signature.signerId);
  if (publicKey === undefined) return "unknown-signer";
  return verify(publicKey, signedMessage, signature.bytes) ? undefined : "bad-signature";
}

/** The name and the value of an opened event. */
export interface SealedContent {
  /** The real name of the event; the user id for member info. */
  readonly name: string;
  /** The parsed JSON, or a `Uint8Array` if the sender sealed bytes. */
  readonly value: unknown;
}

/** Returns the content of an opened envelope, or undefined if its name or its payload is malformed. */
export function contentOf(opened: OpenedEnvelope, context: SealedContext): SealedContent | undefined {
  const { hiddenName } = opened;
  if (hiddenName !== undefined && !isPlausibleName(hiddenName, context.kind)) return undefined;
  const payload = payloadValue(opened);
  return payload && { name: hiddenName ?? context.label, ...payload };
}

function refuse(reason: SealedRefusal): EnvelopeResult {
  return { ok: false, reason };
}
