import type { TurnEnd, Turns } from "../../../core/turns.ts";
import type { Clock } from "../../../ports/clock.ts";

/** Time for new input in one turn of the event loop, and the same again for new input that found no time, in milliseconds. */
const newMs = 1;
/** Time for the rest of what came earlier, in milliseconds: during a longer one, deliveries wait. */
const restMs = 0.5;

/** Something that waits for its turn. */
export interface Waiting {
  /** Does a small piece of work. Returns whether more is left. */
  work(): boolean;
}

/**
 * The time that all input may take in one turn of the event loop. All connections share it, so that neither one of them
 * nor very many together delay the others for long. What finds no time left waits for a later turn: the newly arrived
 * goes first, a piece of each, then deliveries leave, and then the rest takes turns.
 */
export class TurnBudget implements Turns, TurnEnd {
  readonly #clock: Pick<Clock, "monotonicNow">;
  /** When the time for new input ends; undefined: none has arrived in this turn. */
  #endsMs: number | undefined;
  readonly #arrived: Waiting[] = [];
  readonly #rest: Waiting[] = [];
  #deliver: (() => void) | undefined;
  #scheduled: NodeJS.Immediate | undefined;
  /** Whether others go before the end of this turn that were scheduled after it. */
  #othersGoFirst = false;
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
    this.#endsMs ??= nowMs + newMs;
    this.#schedule();
    return nowMs < this.#endsMs;
  }

  /** Queues work for a later turn. `isNew`: none of it was done yet. */
  wait(waiting: Waiting, isNew: boolean): void {
    (isNew ? this.#arrived : this.#rest).push(waiting);
    this.#schedule();
  }

  /** Calls `deliver` at the end of this turn, or of the next one if deliveries of this one have left. */
  atEnd(deliver: () => void): void {
    this.#deliver = deliver;
    this.#schedule();
  }

  letOthersGoFirst(): void {
    if (this.#scheduled === undefined || this.#othersGoFirst) return;
    this.#othersGoFirst = true;
    clearImmediate(this.#scheduled);
    this.#scheduled = setImmediate(this.#endTurn);
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
    this.#scheduled ??= setImmediate(this.#endTurn);
  }

  #workOnWaiting(): void {
    this.#scheduled = undefined;
    this.#othersGoFirst = false;
    this.#endsMs = undefined;
    this.#work(this.#arrived, newMs);
    const deliver = this.#deliver;
    this.#deliver = undefined;
    deliver?.();
    this.#work(this.#rest, restMs);
    if (this.#arrived.length + this.#rest.length > 0) this.#schedule();
    this.#endsMs = undefined;
  }

  /** Lets each of `queue` in turn do a piece of work, for so many milliseconds. */
  #work(queue: Waiting[], maxMs: number): void {
    if (queue.length === 0) return;
    const endsMs = this.nowMs() + maxMs;
    while (queue.length > 0 && this.nowMs() < endsMs) {
      const waiting = queue.shift();
      if (waiting?.work() === true) this.#rest.push(waiting);
    }
  }
}
