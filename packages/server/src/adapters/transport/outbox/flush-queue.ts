import type { ServerSettings } from "../../../core/server-settings.ts";
import type { OutgoingMessage } from "../../../ports/transport.ts";
import { Batch } from "./batch.ts";
import type { Outbox } from "./outbox.ts";

/**
 * Outboxes flushed before the event loop gets another look at what came in: a write costs 5–9 µs, so this is half a
 * millisecond. Small slices are what makes fan-out cheap: while a round goes on, further publishes are added to the
 * outboxes that had no turn yet, and leave with the same write.
 */
const sliceFlushes = 64;
/** Bytes after which a slice ends, too: as much as the operating system takes in about as long. */
const sliceBytes = 1_024 * 1_024;
/** How often outboxes whose bytes did not leave at once are looked at again. */
const sweepMs = 100;

/**
 * Flushes the outboxes that something was queued in, in slices between the other work of the event loop, and counts what
 * does not get away. An event alone does not wait for others.
 */
export class FlushQueue {
  /** What an outbox without messages holds. */
  readonly empty = Batch.empty();
  readonly #limits: Pick<ServerSettings, "maxOutboxBytes" | "maxBufferedBytes">;
  /** The round that is being flushed, and how far it is. */
  #round: Outbox[] = [];
  #position = 0;
  /** The next round. */
  #waiting: Outbox[] = [];
  #scheduled = false;
  #scheduledAt = 0;
  /** Bytes of the batches made in this round and in the one before: nothing older is unflushed. */
  #batchBytes = 0;
  #earlierBatchBytes = 0;
  readonly #stalled = new Set<Outbox>();
  #stalledBytes = 0;
  #sweep: NodeJS.Timeout | undefined;
  readonly #flushSlice = (): void => this.#flush();

  constructor(limits: Pick<ServerSettings, "maxOutboxBytes" | "maxBufferedBytes">) {
    this.#limits = limits;
  }

  /** Has the outbox flushed in its turn; to be called once until then. */
  push(outbox: Outbox): void {
    this.#waiting.push(outbox);
    if (!this.#scheduled) this.#schedule();
  }

  /** The batch that an outbox holds after one more message. */
  append(batch: Batch, message: OutgoingMessage): Batch {
    const known = batch.knownWith(message);
    if (known !== undefined) return known;
    const made = batch.with(message);
    this.#batchBytes += made.bytes - batch.bytes;
    return made;
  }

  /** Notes how many bytes of an outbox its carrier still holds, and ends the outbox when they are too many. */
  note(outbox: Outbox): void {
    const unsent = outbox.unsentBytes();
    this.#stalledBytes += unsent - outbox.notedBytes;
    outbox.notedBytes = unsent;
    if (unsent === 0) {
      this.#stalled.delete(outbox);
      return;
    }
    this.#stalled.add(outbox);
    this.#sweep ??= setInterval(() => this.#sweepStalled(), sweepMs).unref();
    if (unsent <= this.#limits.maxOutboxBytes) return;
    if (this.bufferedBytes() > this.#limits.maxBufferedBytes) outbox.destroy();
    else outbox.closeSlow(unsent);
  }

  /** Takes an outbox out of the count, when its client is gone. */
  forget(outbox: Outbox): void {
    this.#stalledBytes -= outbox.notedBytes;
    outbox.notedBytes = 0;
    this.#stalled.delete(outbox);
  }

  /** Bytes that wait to be flushed, counted once however many outboxes share them, and bytes that carriers hold. */
  bufferedBytes(): number {
    return this.#batchBytes + this.#earlierBatchBytes + this.#stalledBytes;
  }

  #schedule(): void {
    this.#scheduled = true;
    this.#scheduledAt = cpuMicroseconds();
    setImmediate(this.#flushSlice);
  }

  #flush(): void {
    this.#scheduled = false;
    if (this.#position === this.#round.length) this.#nextRound();
    const start = cpuMicroseconds();
    // Half of the time at least, or deliveries would starve where many publish at once.
    const end = start + (start - this.#scheduledAt);
    do this.#flushSome();
    while (this.#position < this.#round.length && cpuMicroseconds() < end);
    if (this.#position < this.#round.length || this.#waiting.length > 0) this.#schedule();
    else this.#rest();
  }

  #flushSome(): void {
    const end = Math.min(this.#round.length, this.#position + sliceFlushes);
    let bytes = 0;
    while (this.#position < end && bytes < sliceBytes) {
      const outbox = this.#round[this.#position];
      this.#position += 1;
      if (outbox !== undefined) bytes += outbox.flush();
    }
  }

  #nextRound(): void {
    const flushed = this.#round;
    this.#round = this.#waiting;
    this.#position = 0;
    flushed.length = 0;
    this.#waiting = flushed;
    this.#earlierBatchBytes = this.#batchBytes;
    this.#batchBytes = 0;
  }

  #rest(): void {
    this.#round.length = 0;
    this.#position = 0;
    this.#batchBytes = 0;
    this.#earlierBatchBytes = 0;
    this.empty.forgetNext();
  }

  #sweepStalled(): void {
    for (const outbox of this.#stalled) this.note(outbox);
    if (this.#stalled.size > 0) return;
    clearInterval(this.#sweep);
    this.#sweep = undefined;
  }
}

/** Time that this process has worked; the clock on the wall would count what other processes take. */
function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
