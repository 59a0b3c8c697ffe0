const firstBytes = 4_096;
/** A body that has become longer than this gets memory for all of it, in bytes. */
const shortBytes = 64 * 1_024;

/**
 * The bytes of a body, in one piece of memory: a body that arrives in very many small parts takes no more than another.
 * The memory doubles when it is full, so that each byte is copied about once. From 64 KiB on, it has the length that the request
 * states: copying a body of several MiB would take milliseconds.
 */
export class BodyBytes {
  readonly #statedBytes: number;
  #memory = new Uint8Array(0);
  #length = 0;

  /** @param statedBytes length that the head of the request states; 0 or NaN: none. */
  constructor(statedBytes = 0) {
    this.#statedBytes = statedBytes;
  }

  /** Bytes that were added. */
  get length(): number {
    return this.#length;
  }

  /** Adds a part. Returns by how many bytes the memory has grown. */
  add(part: Uint8Array): number {
    const needed = this.#length + part.length;
    const before = this.#memory.length;
    if (needed > before) {
      const larger = Buffer.allocUnsafeSlow(this.#capacityFor(needed));
      larger.set(this.#memory.subarray(0, this.#length));
      this.#memory = larger;
    }
    this.#memory.set(part, this.#length);
    this.#length = needed;
    return this.#memory.length - before;
  }

  #capacityFor(needed: number): number {
    const isStated = needed > shortBytes && needed <= this.#statedBytes;
    return isStated ? this.#statedBytes : Math.max(needed, 2 * this.#memory.length, firstBytes);
  }

  /** Returns all bytes, without a copy. */
  all(): Uint8Array {
    return this.#memory.subarray(0, this.#length);
  }

  /** Releases the memory. */
  clear(): void {
    this.#memory = new Uint8Array(0);
    this.#length = 0;
  }
}
