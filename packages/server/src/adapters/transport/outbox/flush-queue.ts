import type { ServerSettings } from "../../../core/settings/server-settings.ts";
import type { Turns } from "../../../core/turns.ts";
import type { Clock } from "../../../ports/clock.ts";
import { Backlogs, type Backlogged } from "./backlogs.ts";
import { Batch } from "./batch.ts";
import { MessageFrame } from "./message-frame.ts";

/** The turns of the event loop, as the queue uses them. */
export interface FlushTurns extends Turns {
  /** The time by which turns are measured, in milliseconds. */
  nowMs(): number;
  /** Calls `deliver` once, at the end of this turn or of the next. */
  atEnd(deliver: () => void): void;
}

/** An outbox, as the queue uses it. */
export interface Flushable extends Backlogged {
  /** Writes the waiting messages. Returns their length in bytes. */
  flush(): number;
}

/**
 * Outboxes flushed before the event loop reads sockets again: a write costs 5–9 µs, so this is half a millisecond. Small
 * slices make fan-out cheap: during a round, further publishes are added to the outboxes that were not flushed yet, and
 * leave with the same write.
 */
const sliceFlushes = 64;
/** Bytes after which a slice also ends: the operating system accepts about as much in the same time. */
const sliceBytes = 1_024 * 1_024;

/**
 * Flushes the outboxes that hold messages, in slices between the other work of the event loop, and counts the waiting
 * bytes. A single event is written at the end of the turn and does not wait for others.
 */
export class FlushQueue {
  /** The batch of an outbox without messages. */
  readonly empty = Batch.empty();
  readonly backlogs: Backlogs;
  readonly #turns: FlushTurns;
  /** The round that is being flushed, and the next outbox of it. */
  #round: Flushable[] = [];
  #position = 0;
  /** The next round. */
  #waiting: Flushable[] = [];
  #scheduled = false;
  #scheduledMs = 0;
  /** Bytes of the batches made in this round and in the one before: nothing older is unflushed. */
  #batchBytes = 0;
  #earlierBatchBytes = 0;
  /** The newest message: a publish appends it to the outbox of each subscriber before the next message comes. */
  #lastFrame: MessageFrame | undefined;
  readonly #flushSlice = (): void => this.#flush();

  constructor(
    limits: Pick<ServerSettings, "maxOutboxBytes" | "maxBufferedBytes" | "stalledSeconds">,
    clock: Clock,
    turns: FlushTurns,
  ) {
    this.#turns = turns;
    this.backlogs = new Backlogs(limits, clock, turns);
  }

  /** Adds an outbox to the next round. Call it once per outbox until its flush. */
  push(outbox: Flushable): void {
    this.#waiting.push(outbox);
    if (!this.#scheduled) this.#schedule();
  }

  /** Returns the batch that an outbox holds after one more message. */
  append(batch: Batch, text: string): Batch {
    if (this.#lastFrame?.text !== text) this.#lastFrame = new MessageFrame(text);
    const frame = this.#lastFrame;
    const known = batch.existingWith(frame);
    if (known !== undefined) return known;
    const made = batch.with(frame);
    this.#batchBytes += made.bytes - batch.bytes;
    return made;
  }

  /** Bytes that wait to be flushed or to be sent. Outboxes that share a batch count it once. */
  bufferedBytes(): number {
    return this.#batchBytes + this.#earlierBatchBytes + this.backlogs.bytes;
  }

  #schedule(): void {
    this.#scheduled = true;
    this.#scheduledMs = this.#turns.nowMs();
    this.#turns.atEnd(this.#flushSlice);
  }

  #flush(): void {
    this.#scheduled = false;
    if (this.#position === this.#round.length) this.#nextRound();
    const startMs = this.#turns.nowMs();
    // At least half of the time, or deliveries would starve if many publish at once.
    const endMs = startMs + (startMs - this.#scheduledMs);
    do this.#flushSome();
    while (this.#position < this.#round.length && this.#turns.nowMs() < endMs);
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
    this.#lastFrame = undefined;
    this.empty.forgetNext();
  }
}
