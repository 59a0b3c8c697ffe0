import { concatBytes } from "@noble/ciphers/utils.js";
import { encodeBase64Url } from "../base64.ts";
import { decodeUtf8 } from "../utf8.ts";
import { lengthPrefixed } from "./context.ts";

/** Who sent an event, when, and in which order. */
export interface SenderStamp {
  /** Random id of the sender's session, 8 bytes: one per publisher and channel, or per client subscription. */
  readonly session: Uint8Array;
  /** Number of the event in its session, from 1. Member info has 0. */
  readonly seq: number;
  /** Time of the sender in Unix milliseconds. It never decreases within a session. */
  readonly sentMs: number;
}

/** The plaintext of an envelope. */
export interface Frame {
  readonly stamp: SenderStamp;
  /** The real name of the event if the name on the wire hides it. */
  readonly hiddenName: string | undefined;
  /** UTF-8 of JSON, unless `isBinary`. */
  readonly payload: Uint8Array;
  readonly isBinary: boolean;
}

/** A parsed frame. */
export interface ParsedFrame extends Frame {
  /** The session as base64url. */
  readonly session: string;
  readonly signature: FrameSignature | undefined;
}

/** The signature in a frame. It is not verified yet. */
export interface FrameSignature {
  /** Id of the public key, as base64url. */
  readonly signerId: string;
  /** Ed25519 signature, 64 bytes. */
  readonly bytes: Uint8Array;
  /** The part of the frame that the signature covers. */
  readonly signedFrame: Uint8Array;
}

export const signerIdBytes = 8;
const signatureBytes = 64;

const sessionBytes = 8;
const fixedBytes = 25;
const flags = { signed: 1, hiddenName: 2, binary: 4 } as const;
const knownFlags = flags.signed | flags.hiddenName | flags.binary;
const maxU48 = 2 ** 48 - 1;

/** Returns the length of a frame without padding, in bytes. */
export function frameLength(payloadBytes: number, hiddenName: string | undefined, isSigned: boolean): number {
  const nameBytes = hiddenName === undefined ? 0 : lengthPrefixed(hiddenName).length;
  return fixedBytes + nameBytes + payloadBytes + (isSigned ? signerIdBytes + signatureBytes : 0);
}

/**
 * Encodes a frame up to its payload.
 *
 * @throws {RangeError} if the session, the sequence number or the time is out of range.
 */
export function encodeFrame({ stamp, hiddenName, payload, isBinary }: Frame, isSigned: boolean): Uint8Array {
  const name = hiddenName === undefined ? new Uint8Array(0) : lengthPrefixed(hiddenName);
  const frame = new Uint8Array(fixedBytes + name.length + payload.length);
  const view = new DataView(frame.buffer);
  frame[0] =
    (isSigned ? flags.signed : 0) | (hiddenName === undefined ? 0 : flags.hiddenName) | (isBinary ? flags.binary : 0);
  if (stamp.session.length !== sessionBytes) {
    throw new RangeError(`Invalid session: expected ${sessionBytes} bytes, got ${stamp.session.length}`);
  }
  frame.set(stamp.session, 1);
  setU48(view, 9, stamp.seq);
  setU48(view, 15, stamp.sentMs);
  view.setUint32(21, payload.length);
  frame.set(name, fixedBytes);
  frame.set(payload, fixedBytes + name.length);
  return frame;
}

/** Parses a frame. Returns undefined if it is malformed; padding that is not zero makes it malformed, too. */
export function parseFrame(frame: Uint8Array): ParsedFrame | undefined {
  if (frame.length < fixedBytes) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const flag = view.getUint8(0);
  if ((flag & ~knownFlags) !== 0) return undefined;
  let at = fixedBytes;
  let hiddenName: string | undefined;
  if ((flag & flags.hiddenName) !== 0) {
    if (at + 2 > frame.length) return undefined;
    const nameEnd = at + 2 + view.getUint16(at);
    if (nameEnd > frame.length) return undefined;
    hiddenName = decodeUtf8(frame.subarray(at + 2, nameEnd));
    if (hiddenName === undefined) return undefined;
    at = nameEnd;
  }
  const payloadEnd = at + view.getUint32(21);
  const isSigned = (flag & flags.signed) !== 0;
  const end = payloadEnd + (isSigned ? signerIdBytes + signatureBytes : 0);
  if (end > frame.length || !frame.subarray(end).every((byte) => byte === 0)) return undefined;
  const session = frame.subarray(1, 1 + sessionBytes);
  return {
    stamp: { session, seq: getU48(view, 9), sentMs: getU48(view, 15) },
    session: encodeBase64Url(session),
    hiddenName,
    payload: frame.subarray(at, payloadEnd),
    isBinary: (flag & flags.binary) !== 0,
    signature: isSigned
      ? {
          signerId: encodeBase64Url(frame.subarray(payloadEnd, payloadEnd + signerIdBytes)),
          bytes: frame.subarray(payloadEnd + signerIdBytes, end),
          signedFrame: frame.subarray(0, payloadEnd + signerIdBytes),
        }
      : undefined,
  };
}

/** Returns a frame behind which zeros are appended up to a length. */
export function padFrame(parts: readonly Uint8Array[], length: number): Uint8Array {
  const padded = new Uint8Array(length);
  padded.set(concatBytes(...parts));
  return padded;
}

function setU48(view: DataView, at: number, value: number): void {
  if (!Number.isInteger(value) || value < 0 || value > maxU48) {
    throw new RangeError(`Invalid number in a frame: expected a whole number up to 2^48 - 1, got ${value}`);
  }
  view.setUint16(at, Math.floor(value / 2 ** 32));
  view.setUint32(at + 2, value % 2 ** 32);
}

function getU48(view: DataView, at: number): number {
  return view.getUint16(at) * 2 ** 32 + view.getUint32(at + 2);
}
