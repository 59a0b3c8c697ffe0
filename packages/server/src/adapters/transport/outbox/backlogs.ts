import type { ServerSettings } from "../../../core/settings/server-settings.ts";
import { andThen, type Awaitable } from "../../../core/awaitable.ts";
import { inTurns, oneAtATime, type Turns } from "../../../core/turns.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { SharedBytes } from "./batch.ts";

/** A connection whose client may not take its messages as fast as they are sent. */
export interface Backlogged {
  /** Bytes that were sent and have not reached the operating system. */
  unsentBytes(): number;
  /** A number that changes whenever the operating system takes bytes, and at no other time. */
  progress(): number;
  /** Drops what waits, as far as the runtime allows it, and closes with 4101. */
  closeSlow(unsentBytes: number): void;
  /** Cuts the connection and drops what waits. */
  cutSlow(unsentBytes: number): void;
}

/** What is known of one connection that holds bytes. */
interface Backlog {
  unsent: number;
  /** Batches with unsent bytes, oldest first, and their length together. */
  readonly batches: SharedBytes[];
  batchBytes: number;
  /** Unsent bytes that belong to no batch. */
  otherBytes: number;
  progress: number;
  progressedMs: number;
  /** Since when the connection holds more than `maxOutboxBytes`. */
  overSinceMs: number | undefined;
  /** When the connection was closed as slow. */
  closedMs: number | undefined;
}

type Limits = Pick<ServerSettings, "maxOutboxBytes" | "maxBufferedBytes" | "stalledSeconds">;

const nothing = { unsent: 0, batchBytes: 0, otherBytes: 0, overSinceMs: undefined, closedMs: undefined } as const;

/** How long a connection may hold more than `maxOutboxBytes` without progress. */
const graceMs = 1_000;
/** How long it may hold more than that at all: a reader this slow never catches up. */
const maxOverLimitMs = 10_000;
/** How long a connection that was closed as slow may take to end, before it is cut. */
const closeTimeoutMs = 5_000;
/** How often connections with unsent bytes are checked. */
const sweepMs = 100;
/** Share of `maxBufferedBytes` that unsent bytes may use; the rest is for messages that wait for their turn. */
const maxShare = 0.9;
/** Share that may stay in use when connections are cut to free memory. */
const targetShare = 0.8;

/**
 * The connections that hold unsent bytes. Progress decides who is slow: a burst of any size is no reason to close a
 * connection whose client keeps reading. Drops what waits for, and closes,
 * - a connection that holds more than `maxOutboxBytes` and makes no progress for a second, or does so for ten seconds;
 * - a connection that makes no progress for `stalledSeconds`, however little it holds;
 * - if all together hold nearly `maxBufferedBytes`: those without progress that hold the most, then the others.
 */
export class Backlogs {
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #turns: Turns;
  readonly #backlogs = new Map<Backlogged, Backlog>();
  /** How many connections hold a batch: its bytes are in memory once. */
  readonly #holders = new Map<SharedBytes, number>();
  #sharedBytes = 0;
  #otherBytes = 0;
  #stopSweep: (() => void) | undefined;
  readonly #freeMemory = oneAtATime(() => this.#cutMany());

  constructor(limits: Limits, clock: Clock, turns: Turns) {
    this.#limits = limits;
    this.#clock = clock;
    this.#turns = turns;
  }

  /** Bytes of memory that unsent messages take; batches that connections share count once. */
  get bytes(): number {
    return this.#sharedBytes + this.#otherBytes;
  }

  has(connection: Backlogged): boolean {
    return this.#backlogs.size > 0 && this.#backlogs.has(connection);
  }

  /** Checks a connection that has unsent bytes, or had some; `batch` is what was just written to it. */
  note(connection: Backlogged, batch?: SharedBytes): void {
    const nowMs = this.#clock.monotonicNow();
    let backlog = this.#backlogs.get(connection);
    if (backlog === undefined) {
      const progress = connection.progress();
      backlog = { ...nothing, batches: [], progress, progressedMs: nowMs };
      this.#backlogs.set(connection, backlog);
      this.#stopSweep ??= this.#clock.every(
        sweepMs,
        oneAtATime(() => this.#checkAll()),
      );
    }
    if (batch !== undefined && batch.bytes > 0) this.#hold(backlog, batch);
    this.#check(connection, backlog, nowMs);
    if (this.bytes > this.#limits.maxBufferedBytes * maxShare) this.#freeMemory();
  }

  /** Forgets a connection that is gone. */
  forget(connection: Backlogged): void {
    const backlog = this.#backlogs.get(connection);
    if (backlog === undefined) return;
    this.#backlogs.delete(connection);
    this.#setUnsent(backlog, 0);
  }

  #checkAll(): Awaitable<void> {
    const nowMs = this.#clock.monotonicNow();
    const checked = inTurns(this.#turns, this.#backlogs, ([connection, backlog]) =>
      this.#check(connection, backlog, nowMs),
    );
    return andThen(checked, () => {
      if (this.#backlogs.size > 0) return;
      this.#stopSweep?.();
      this.#stopSweep = undefined;
    });
  }

  #check(connection: Backlogged, backlog: Backlog, nowMs: number): void {
    const unsent = connection.unsentBytes();
    this.#setUnsent(backlog, unsent);
    if (unsent === 0) {
      this.#backlogs.delete(connection);
      return;
    }
    const progress = connection.progress();
    if (progress !== backlog.progress) {
      backlog.progress = progress;
      backlog.progressedMs = nowMs;
    }
    backlog.overSinceMs = unsent > this.#limits.maxOutboxBytes ? (backlog.overSinceMs ?? nowMs) : undefined;
    if (backlog.closedMs !== undefined) {
      if (nowMs - backlog.closedMs >= closeTimeoutMs) connection.cutSlow(unsent);
    } else if (this.#isSlow(backlog, nowMs)) {
      backlog.closedMs = nowMs;
      connection.closeSlow(unsent);
      this.#setUnsent(backlog, connection.unsentBytes());
    }
  }

  #isSlow({ progressedMs, overSinceMs }: Backlog, nowMs: number): boolean {
    const idleMs = nowMs - progressedMs;
    if (idleMs >= this.#limits.stalledSeconds * 1_000) return true;
    return overSinceMs !== undefined && (idleMs >= graceMs || nowMs - overSinceMs >= maxOverLimitMs);
  }

  #cutMany(): Awaitable<void> {
    const nowMs = this.#clock.monotonicNow();
    const isIdle = ({ progressedMs }: Backlog): boolean => nowMs - progressedMs >= graceMs;
    const byRank = [...this.#backlogs].toSorted(
      ([, a], [, b]) => Number(isIdle(b)) - Number(isIdle(a)) || b.unsent - a.unsent,
    );
    const target = this.#limits.maxBufferedBytes * targetShare;
    return inTurns(this.#turns, byRank, ([connection, backlog]) => {
      if (this.bytes <= target || this.#backlogs.get(connection) !== backlog) return;
      connection.cutSlow(backlog.unsent);
      this.forget(connection);
    });
  }

  #hold(backlog: Backlog, batch: SharedBytes): void {
    const holders = this.#holders.get(batch) ?? 0;
    if (holders === 0) this.#sharedBytes += batch.bytes;
    this.#holders.set(batch, holders + 1);
    backlog.batches.push(batch);
    backlog.batchBytes += batch.bytes;
  }

  /** Counts what a connection holds now: the newest batches, and bytes that belong to none of them. */
  #setUnsent(backlog: Backlog, unsent: number): void {
    let sent = 0;
    for (const batch of backlog.batches) {
      if (backlog.batchBytes - batch.bytes < unsent) break;
      backlog.batchBytes -= batch.bytes;
      this.#release(batch);
      sent += 1;
    }
    if (sent > 0) backlog.batches.splice(0, sent);
    backlog.unsent = unsent;
    const otherBytes = Math.max(0, unsent - backlog.batchBytes);
    this.#otherBytes += otherBytes - backlog.otherBytes;
    backlog.otherBytes = otherBytes;
  }

  #release(batch: SharedBytes): void {
    const holders = this.#holders.get(batch) ?? 0;
    if (holders > 1) {
      this.#holders.set(batch, holders - 1);
      return;
    }
    this.#holders.delete(batch);
    this.#sharedBytes -= batch.bytes;
  }
}
