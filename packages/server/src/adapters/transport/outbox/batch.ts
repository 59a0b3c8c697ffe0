import { MessageFrame } from "./message-frame.ts";

/** Frames above this are not copied into a shared buffer: the copy costs more than another chunk. */
const maxCopiedBytes = 16 * 1_024;

/** Bytes of memory that connections share. */
export interface SharedBytes {
  readonly bytes: number;
}

/**
 * The messages that wait in an outbox, as a linked list that begins with the newest. Immutable except for its memos.
 * Outboxes that received the same messages since they were last empty hold the same batch, so they share one concatenated
 * buffer.
 */
export class Batch {
  readonly #frame: MessageFrame;
  /** Length of all frames. */
  readonly bytes: number;
  /** The count of waiting bytes keeps this object instead of the batch, so that the messages can be freed. */
  readonly shared: SharedBytes;
  readonly #previous: Batch | undefined;
  readonly #count: number;
  #next: Batch | undefined;
  #chunks: readonly Uint8Array[] | undefined;
  #deflatedChunks: readonly Uint8Array[] | undefined;

  private constructor(frame: MessageFrame, previous: Batch | undefined, count: number, bytes: number) {
    this.#frame = frame;
    this.bytes = bytes;
    this.shared = { bytes };
    this.#previous = previous;
    this.#count = count;
  }

  /** Returns a batch without messages. */
  static empty(): Batch {
    return new Batch(new MessageFrame(""), undefined, 0, 0);
  }

  /** Returns the batch that {@link with} made last if it adds this frame, else undefined. */
  existingWith(frame: MessageFrame): Batch | undefined {
    const next = this.#next;
    return next !== undefined && next.#frame === frame ? next : undefined;
  }

  /** Returns a new batch: this batch plus one message. {@link existingWith} can return it again. */
  with(frame: MessageFrame): Batch {
    const next = new Batch(frame, this, this.#count + 1, this.bytes + frame.plain.length);
    this.#next = next;
    return next;
  }

  /** Releases the batch that {@link with} made last. */
  forgetNext(): void {
    this.#next = undefined;
  }

  /** Returns the frames in few buffers: small neighbors are joined, large ones are not. Computed once. */
  chunks(): readonly Uint8Array[] {
    this.#chunks ??= this.#join((frame) => frame.plain);
    return this.#chunks;
  }

  /** Returns the same as {@link chunks} for clients that accept compressed messages. */
  deflatedChunks(): readonly Uint8Array[] {
    this.#deflatedChunks ??= this.#join((frame) => frame.deflated);
    return this.#deflatedChunks;
  }

  /** Returns the messages, oldest first. Not for the empty batch. */
  texts(): string[] {
    return this.#frames().map(({ text }) => text);
  }

  #frames(): MessageFrame[] {
    const newestFirst = [this.#frame];
    for (let batch = this.#previous; batch !== undefined && batch.#count > 0; batch = batch.#previous) {
      newestFirst.push(batch.#frame);
    }
    return newestFirst.toReversed();
  }

  #join(bytesOf: (frame: MessageFrame) => Uint8Array): readonly Uint8Array[] {
    return this.#count === 1 ? [bytesOf(this.#frame)] : joinSmall(this.#frames().map(bytesOf));
  }
}

function joinSmall(frames: readonly Uint8Array[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  for (const frame of frames) {
    if (frame.length <= maxCopiedBytes) {
      small.push(frame);
      continue;
    }
    if (small.length > 0) chunks.push(Buffer.concat(small));
    small = [];
    chunks.push(frame);
  }
  if (small.length > 0) chunks.push(Buffer.concat(small));
  return chunks;
}
