/** Length of the smallest buffer, in bytes. */
const minBytes = 64;

/** Bytes that arrive in parts. Takes at most twice the memory of what has arrived, however much was announced. */
export class GrowingBytes {
  #bytes: Buffer;
  #length = 0;

  constructor(first: Buffer) {
    // Not from the pool of Node.js: a part of a few bytes would keep all of it in memory.
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(first.length, minBytes));
    this.add(first);
  }

  get length(): number {
    return this.#length;
  }

  /** What has arrived so far. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  add(part: Buffer): void {
    const length = this.#length + part.length;
    if (length > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.#bytes.length));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    part.copy(this.#bytes, this.#length);
    this.#length = length;
  }
}
