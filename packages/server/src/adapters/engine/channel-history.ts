import {
  positionSeconds,
  type History,
  type HistoryQuery,
  type Keep,
  type KeptEvent,
  type Position,
} from "../../ports/broker.ts";

interface StoredEvent {
  readonly message: string;
  readonly bytes: number;
  readonly publishedMs: number;
  /** On the monotonic clock. */
  readonly expiresAtMs: number;
}

/** A moment: on the calendar, for people, and on the monotonic clock, for expiry. */
export interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/** The kept events of one channel. */
export class ChannelHistory {
  readonly #epoch: string;
  /** Oldest first. */
  readonly #events: StoredEvent[] = [];
  /** Offset of the most recent event. */
  #offset = 0;
  #bytes = 0;
  /** When the position is forgotten if there is no further event, on the monotonic clock. */
  #forgetAtMs: number;

  constructor(epoch: string, nowMs: number) {
    this.#epoch = epoch;
    this.#forgetAtMs = nowMs + positionSeconds * 1_000;
  }

  /** Memory that the kept events take, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#events.length === 0;
  }

  /** Whether neither events nor the position need to be kept. */
  isOver(nowMs: number): boolean {
    return this.isEmpty && nowMs >= this.#forgetAtMs;
  }

  /** A subscription began: the position is kept from now on. */
  touch(nowMs: number): void {
    this.#forgetAtMs = Math.max(this.#forgetAtMs, nowMs + positionSeconds * 1_000);
  }

  /** Keeps an event that takes `bytes` of memory, and forgets the oldest ones above `keep.count`. */
  add(message: string, bytes: number, keep: Keep, now: Moment): Position {
    this.#offset += 1;
    const expiresAtMs = now.monotonicMs + keep.ttlSeconds * 1_000;
    this.#events.push({ message, bytes, publishedMs: now.wallMs, expiresAtMs });
    this.touch(expiresAtMs);
    this.#bytes += bytes;
    while (this.#events.length > keep.count) this.forgetOldest();
    return { epoch: this.#epoch, offset: this.#offset };
  }

  forgetOldest(): void {
    this.#bytes -= this.#events.shift()?.bytes ?? 0;
  }

  /** Forgets what has expired. */
  expire(nowMs: number): void {
    while ((this.#events[0]?.expiresAtMs ?? Infinity) <= nowMs) this.forgetOldest();
  }

  read({ after, limit }: HistoryQuery, nowMs: number): History {
    const oldest = this.#offset - this.#events.length + 1;
    const last = { epoch: this.#epoch, offset: this.#offset };
    if (after === undefined) {
      const start = Math.max(0, this.#events.length - limit);
      return { events: this.#slice(start, this.#events.length, nowMs), last, gap: false };
    }
    const known = after.epoch === this.#epoch && after.offset >= oldest - 1 && after.offset <= this.#offset;
    const start = known ? after.offset + 1 - oldest : 0;
    return { events: this.#slice(start, start + limit, nowMs), last, gap: !known };
  }

  #slice(start: number, end: number, nowMs: number): KeptEvent[] {
    const oldest = this.#offset - this.#events.length + 1;
    return this.#events.slice(start, end).map(({ message, publishedMs, expiresAtMs }, index) => ({
      message,
      position: { epoch: this.#epoch, offset: oldest + start + index },
      publishedMs,
      expiresInMs: expiresAtMs - nowMs,
    }));
  }
}
