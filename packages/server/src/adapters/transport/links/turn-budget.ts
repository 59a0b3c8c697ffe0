import type { Turns } from "../../../core/turns.ts";
import type { Clock } from "../../../ports/clock.ts";

/** Time for new input in one turn of the event loop, and the same again for what waits, in milliseconds. */
const turnMs = 5;

/** Something that waits for its turn. */
export interface Waiting {
  /** Does a small piece of work. Returns whether more is left. */
  work(): boolean;
}

/**
 * The time that all input may take in one turn of the event loop. All connections share it, so that neither one of them
 * nor very many together delay the others for long. What finds no time left waits for a later turn: the newly arrived
 * goes first, a piece of each, and then the rest takes turns.
 */
export class TurnBudget implements Turns {
  readonly #clock: Pick<Clock, "monotonicNow">;
  /** When the time for new input ends; undefined: none has arrived in this turn. */
  #endsMs: number | undefined;
  readonly #arrived: Waiting[] = [];
  readonly #rest: Waiting[] = [];
  #isScheduled = false;
  readonly #endTurn = (): void => this.#workOnWaiting();

  constructor(clock: Pick<Clock, "monotonicNow">) {
    this.#clock = clock;
  }

  /** The time by which turns are measured, in milliseconds. */
  nowMs(): number {
    return this.#clock.monotonicNow();
  }

  hasTime(): boolean {
    const nowMs = this.nowMs();
    this.#endsMs ??= nowMs + turnMs;
    this.#schedule();
    return nowMs < this.#endsMs;
  }

  /** Queues work for a later turn. `isNew`: none of it was done yet. */
  wait(waiting: Waiting, isNew: boolean): void {
    (isNew ? this.#arrived : this.#rest).push(waiting);
    this.#schedule();
  }

  next(): Promise<void> {
    return new Promise((resolve) => {
      const work = (): boolean => {
        resolve();
        return false;
      };
      this.wait({ work }, false);
    });
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(this.#endTurn);
  }

  #workOnWaiting(): void {
    this.#isScheduled = false;
    this.#endsMs = undefined;
    const endsMs = this.nowMs() + turnMs;
    while (this.#arrived.length + this.#rest.length > 0) {
      if (this.nowMs() >= endsMs) return this.#schedule();
      const waiting = this.#arrived.shift() ?? this.#rest.shift();
      if (waiting?.work() === true) this.#rest.push(waiting);
    }
  }
}
