import { isUtf8 } from "node:buffer";
import { GrowingBytes } from "./growing-bytes.ts";

/** What a client sends, as it is read. */
export interface FrameEvents {
  /** A whole message; a text is UTF-8. */
  message(payload: Buffer, isBinary: boolean): void;
  ping(payload: Buffer): void;
  pong(): void;
  /** A Close frame, with its code; undefined: it has none. Nothing behind it is read. */
  closing(code: number | undefined): void;
  /** The client does not follow the protocol, and is to be closed with this code. Nothing else is read. */
  violated(code: number): void;
}

/** Operation codes (RFC 6455, 5.2). */
const continuation = 0;
const binary = 2;
const close = 8;
const ping = 9;
const pong = 10;
const lastDataOpcode = binary;

/** Close codes of violations (RFC 6455, 7.4.1). */
const protocolError = 1002;
const invalidText = 1007;
const tooBig = 1009;

const maskBytes = 4;
const maxControlBytes = 125;

/** A message of which not all fragments are there. */
interface Fragments {
  readonly isBinary: boolean;
  readonly bytes: GrowingBytes;
}

/**
 * Reads the frames that a client sends (RFC 6455, 5). One reader for each connection: it holds nothing but what belongs to an
 * incomplete frame or message.
 */
export class FrameReader {
  readonly #events: FrameEvents;
  readonly #maxMessageBytes: number;
  /** An incomplete frame, and how many bytes it takes to go on. */
  #incomplete: GrowingBytes | undefined;
  #wantedBytes = 0;
  #fragments: Fragments | undefined;
  #isOver = false;

  /** @param maxMessageBytes largest message, all its fragments together. */
  constructor(events: FrameEvents, maxMessageBytes: number) {
    this.#events = events;
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** Reads what the client has sent next. Changes the bytes. */
  read(chunk: Buffer): void {
    const bytes = this.#joined(chunk);
    if (bytes === undefined) return;
    let at: number | undefined = 0;
    while (at !== undefined && at < bytes.length && !this.#isOver) at = this.#readFrame(bytes, at);
  }

  #joined(chunk: Buffer): Buffer | undefined {
    const incomplete = this.#incomplete;
    if (incomplete === undefined) return chunk;
    incomplete.add(chunk);
    if (incomplete.length < this.#wantedBytes) return undefined;
    this.#incomplete = undefined;
    return incomplete.bytes;
  }

  /** Reads the frame that begins at `at`. Returns where the next one begins, or undefined if there is no more to read. */
  #readFrame(bytes: Buffer, at: number): number | undefined {
    const available = bytes.length - at;
    if (available < 2) return this.#wait(bytes, at, 2);
    const [first = 0, second = 0] = [bytes[at], bytes[at + 1]];
    if (!this.#isHeadValid(first, second)) return this.#violated(protocolError);
    const opcode = first & 0x0f;
    const shortLength = second & 0x7f;
    const lengthBytes = shortLength === 126 ? 2 : shortLength === 127 ? 8 : 0;
    const maskAt = at + 2 + lengthBytes;
    if (bytes.length < maskAt) return this.#wait(bytes, at, 2 + lengthBytes);
    const length = lengthBytes === 0 ? shortLength : longLength(bytes, at + 2, lengthBytes);
    if (opcode <= lastDataOpcode && length + (this.#fragments?.bytes.length ?? 0) > this.#maxMessageBytes) {
      return this.#violated(tooBig);
    }
    const payloadAt = maskAt + maskBytes;
    const end = payloadAt + length;
    if (bytes.length < end) return this.#wait(bytes, at, end - at);
    const payload = bytes.subarray(payloadAt, end);
    unmask(payload, bytes, maskAt);
    this.#take(opcode, (first & 0x80) !== 0, payload);
    return end;
  }

  /** Whether a frame may begin with these two bytes here. */
  #isHeadValid(first: number, second: number): boolean {
    const opcode = first & 0x0f;
    const isFinal = (first & 0x80) !== 0;
    const hasReservedBits = (first & 0x70) !== 0;
    const isMasked = (second & 0x80) !== 0;
    if (hasReservedBits || !isMasked) return false;
    if (opcode > lastDataOpcode)
      return opcode >= close && opcode <= pong && isFinal && (second & 0x7f) <= maxControlBytes;
    return (opcode === continuation) === (this.#fragments !== undefined);
  }

  #take(opcode: number, isFinal: boolean, payload: Buffer): void {
    switch (opcode) {
      case ping:
        return this.#events.ping(payload);
      case pong:
        return this.#events.pong();
      case close:
        return this.#takeClose(payload);
      case continuation:
        return this.#takeContinuation(isFinal, payload);
      default:
        if (isFinal) this.#takeMessage(payload, opcode === binary);
        else this.#fragments = { isBinary: opcode === binary, bytes: new GrowingBytes(payload) };
    }
  }

  #takeContinuation(isFinal: boolean, payload: Buffer): void {
    const fragments = this.#fragments;
    if (fragments === undefined) return;
    fragments.bytes.add(payload);
    if (!isFinal) return;
    this.#fragments = undefined;
    this.#takeMessage(fragments.bytes.bytes, fragments.isBinary);
  }

  #takeMessage(payload: Buffer, isBinary: boolean): void {
    if (isBinary || isUtf8(payload)) this.#events.message(payload, isBinary);
    else this.#violated(invalidText);
  }

  #takeClose(payload: Buffer): void {
    const code = payload.length < 2 ? undefined : payload.readUInt16BE(0);
    if (payload.length === 1 || (code !== undefined && !mayBeSent(code))) return this.#violated(protocolError);
    if (!isUtf8(payload.subarray(2))) return this.#violated(invalidText);
    this.#isOver = true;
    this.#events.closing(code);
  }

  #wait(bytes: Buffer, at: number, wantedBytes: number): undefined {
    this.#incomplete = new GrowingBytes(bytes.subarray(at));
    this.#wantedBytes = wantedBytes;
  }

  #violated(code: number): undefined {
    this.#isOver = true;
    this.#events.violated(code);
  }
}

function longLength(bytes: Buffer, at: number, lengthBytes: 2 | 8): number {
  return lengthBytes === 2 ? bytes.readUInt16BE(at) : bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
}

function unmask(payload: Buffer, maskedFrame: Buffer, maskAt: number): void {
  const mask = maskedFrame.subarray(maskAt, maskAt + maskBytes);
  for (let index = 0; index < payload.length; index += 1) {
    payload[index] = (payload[index] ?? 0) ^ (mask[index & 3] ?? 0);
  }
}

/** Whether a Close frame may have this code (RFC 6455, 7.4). */
function mayBeSent(code: number): boolean {
  return (code >= 1_000 && code <= 1_014 && ![1_004, 1_005, 1_006].includes(code)) || (code >= 3_000 && code <= 4_999);
}
