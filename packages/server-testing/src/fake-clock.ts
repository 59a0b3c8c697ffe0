import type { Clock } from "@sealcast/server";

interface Timer {
  dueMs: number;
  /** Undefined: runs once. */
  readonly periodMs: number | undefined;
  readonly task: () => void;
}

/** A clock that only tests move. */
export class FakeClock implements Clock {
  #nowMs: number;
  /** What `set` has added to the calendar. */
  #shiftMs = 0;
  readonly #timers = new Set<Timer>();

  /** @param startMs milliseconds since 1970. */
  constructor(startMs = 1_700_000_000_000) {
    this.#nowMs = startMs;
  }

  /** Timers that have not run out and were not cancelled. */
  get timers(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#nowMs + this.#shiftMs;
  }

  monotonicNow(): number {
    return this.#nowMs;
  }

  /** Sets the calendar forward or back, as an operator does. Timers and `monotonicNow` are not affected. */
  set(nowMs: number): void {
    this.#shiftMs = nowMs - this.#nowMs;
  }

  after(delayMs: number, task: () => void): () => void {
    return this.#add({ dueMs: this.#nowMs + delayMs, periodMs: undefined, task });
  }

  every(periodMs: number, task: () => void): () => void {
    return this.#add({ dueMs: this.#nowMs + periodMs, periodMs, task });
  }

  /** Advances by `ms` and runs the timers that end within it, each at its own time. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (let timer = this.#firstDue(endMs); timer !== undefined; timer = this.#firstDue(endMs)) {
      this.#nowMs = timer.dueMs;
      if (timer.periodMs === undefined) this.#timers.delete(timer);
      else timer.dueMs += timer.periodMs;
      timer.task();
    }
    this.#nowMs = endMs;
  }

  #add(timer: Timer): () => void {
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  #firstDue(endMs: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs <= endMs && (first === undefined || timer.dueMs < first.dueMs)) first = timer;
    }
    return first;
  }
}
