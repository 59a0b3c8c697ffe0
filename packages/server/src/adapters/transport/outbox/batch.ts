import type { OutgoingMessage } from "../../../ports/transport.ts";
import { frameDeflated } from "./deflated-frame.ts";
import { frameText } from "./text-frame.ts";

/** Frames above this are written as they are: copying them into a shared buffer costs more than another chunk. */
const maxCopiedBytes = 16 * 1_024;

/** Bytes of memory that connections share. */
export interface SharedBytes {
  readonly bytes: number;
}

/**
 * A list of messages that wait for a link, as the last link of a chain: immutable but for its memos. Outboxes that were
 * given the same messages since they were last empty hold the same batch, and so share one concatenated buffer.
 */
export class Batch {
  readonly message: OutgoingMessage;
  /** Length of all frames. */
  readonly bytes: number;
  /** Stands for the frames in the count of what connections hold, without keeping the list of messages in memory. */
  readonly shared: SharedBytes;
  readonly #previous: Batch | undefined;
  readonly #count: number;
  #next: Batch | undefined;
  #chunks: readonly Uint8Array[] | undefined;
  #deflatedChunks: readonly Uint8Array[] | undefined;

  private constructor(message: OutgoingMessage, previous: Batch | undefined, count: number, bytes: number) {
    this.message = message;
    this.bytes = bytes;
    this.shared = { bytes };
    this.#previous = previous;
    this.#count = count;
  }

  /** The start of a chain; holds no message. */
  static empty(): Batch {
    return new Batch({ text: "", framed: undefined }, undefined, 0, 0);
  }

  /** This batch and one more message, when an outbox asked for just that before. */
  knownWith(message: OutgoingMessage): Batch | undefined {
    const next = this.#next;
    return next?.message === message ? next : undefined;
  }

  /** This batch and one more message, remembered for {@link knownWith}. */
  with(message: OutgoingMessage): Batch {
    const next = new Batch(message, this, this.#count + 1, this.bytes + frameText(message).length);
    this.#next = next;
    return next;
  }

  /** Lets go of the batch that follows. */
  forgetNext(): void {
    this.#next = undefined;
  }

  /** The frames as few buffers: neighbors are joined, large ones stand alone. Made once, whoever asks. */
  chunks(): readonly Uint8Array[] {
    this.#chunks ??= this.#join(frameText);
    return this.#chunks;
  }

  /** As {@link chunks}, for clients that take compressed messages. */
  deflatedChunks(): readonly Uint8Array[] {
    this.#deflatedChunks ??= this.#join(frameDeflated);
    return this.#deflatedChunks;
  }

  /** The messages, oldest first; not for the empty batch. */
  messages(): OutgoingMessage[] {
    const newestFirst = [this.message];
    for (let batch = this.#previous; batch !== undefined && batch.#count > 0; batch = batch.#previous) {
      newestFirst.push(batch.message);
    }
    return newestFirst.toReversed();
  }

  #join(frameOf: (message: OutgoingMessage) => Uint8Array): readonly Uint8Array[] {
    return this.#count === 1 ? [frameOf(this.message)] : joinSmall(this.messages().map(frameOf));
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
