/**
 * Counts the WebSocket messages in a byte stream from a server by reading only the frame headers (RFC 6455, 5.2).
 * Payloads are skipped, never decoded, so that counting costs nanoseconds and the load generator stays out of the way.
 */
export class FrameCounter {
  /** Set once the server has sent a close frame. */
  closed = false;
  /** Payload bytes of the current frame that have not arrived yet. */
  #missing = 0;
  /** Whether the current frame ends a text or binary message. */
  #counts = false;
  /** The beginning of a header that was cut by the end of a chunk. */
  #partial: number[] = [];

  /** Reads `length` bytes of `chunk` and returns how many messages became complete with them. */
  count(chunk: Uint8Array, length: number): number {
    let messages = 0;
    let at = 0;
    while (at < length) {
      if (this.#missing > 0) {
        const step = Math.min(this.#missing, length - at);
        at += step;
        this.#missing -= step;
        if (this.#missing === 0 && this.#counts) messages += 1;
        continue;
      }
      if (this.#partial.length === 0 && at + headerBytes(chunk[at + 1] ?? 127) <= length) {
        at += this.#begin(chunk, at);
      } else {
        this.#partial.push(chunk[at] ?? 0);
        at += 1;
        if (this.#partial.length < headerBytes(this.#partial[1] ?? 127)) continue;
        this.#begin(this.#partial, 0);
        this.#partial = [];
      }
      if (this.#missing === 0 && this.#counts) messages += 1;
    }
    return messages;
  }

  /** Takes in the complete header at `at` and returns its length in bytes. */
  #begin(bytes: ArrayLike<number>, at: number): number {
    const first = bytes[at] ?? 0;
    const second = bytes[at + 1] ?? 0;
    const opcode = first & 0x0f;
    if (second & 0x80) throw new Error("Cannot count frames: the server masked one, and only clients may");
    const size = headerBytes(second);
    let payload = second;
    if (size > 2) {
      payload = 0;
      for (let i = at + 2; i < at + size; i += 1) payload = payload * 256 + (bytes[i] ?? 0);
    }
    if (opcode === closeOpcode) this.closed = true;
    this.#missing = payload;
    this.#counts = (first & finBit) !== 0 && opcode <= lastDataOpcode;
    return size;
  }
}

const finBit = 0x80;
const lastDataOpcode = 2;
const closeOpcode = 8;

/** Returns the length of an unmasked frame header from its second byte. */
function headerBytes(second: number): number {
  const length = second & 0x7f;
  return length < 126 ? 2 : length === 126 ? 4 : 10;
}
