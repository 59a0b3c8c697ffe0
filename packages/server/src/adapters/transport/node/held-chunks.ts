/** Complete frames that wait until the operating system takes more, oldest first. */
export class HeldChunks {
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #last: (() => void) | undefined;

  /** Length of all chunks. */
  get bytes(): number {
    return this.#bytes;
  }

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
  }

  /** Returns the oldest chunk and removes it; undefined if there is none. */
  take(): Uint8Array | undefined {
    const chunk = this.#chunks.shift();
    this.#bytes -= chunk?.length ?? 0;
    return chunk;
  }

  drop(): void {
    this.#chunks = [];
    this.#bytes = 0;
  }

  /** Sets what {@link finish} runs. */
  afterLast(task: () => void): void {
    this.#last = task;
  }

  /** To be called when the last chunk was taken. */
  finish(): void {
    this.#last?.();
  }
}
