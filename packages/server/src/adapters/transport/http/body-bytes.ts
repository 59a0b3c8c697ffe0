const firstBytes = 4_096;

/**
 * The bytes of a body, in one piece of memory: a body that arrives in very many small parts takes no more than another.
 * The memory doubles when it is full, so that each byte is copied about once.
 */
export class BodyBytes {
  #memory = new Uint8Array(0);
  #length = 0;

  /** Bytes that were added. */
  get length(): number {
    return this.#length;
  }

  /** Adds a part. Returns by how many bytes the memory has grown. */
  add(part: Uint8Array): number {
    const needed = this.#length + part.length;
    const before = this.#memory.length;
    if (needed > before) {
      const larger = new Uint8Array(Math.max(needed, 2 * before, firstBytes));
      larger.set(this.#memory.subarray(0, this.#length));
      this.#memory = larger;
    }
    this.#memory.set(part, this.#length);
    this.#length = needed;
    return this.#memory.length - before;
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
