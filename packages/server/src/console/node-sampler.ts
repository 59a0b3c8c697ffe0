import type { RecentUse } from "../metrics/recent-use.ts";
import type { Clock } from "../ports/clock.ts";
import type { NodeFigures } from "./contract.ts";

/** How often figures are kept, in milliseconds, and how many: six hours. */
const keepMs = 15_000;
const maxKept = 1_440;
/** Pages that ask within this time get the same figures: reading the delay of the event loop begins its next period. */
const freshMs = 900;

/** Reads the figures of this node for all pages, and keeps some of them. */
export class NodeSampler {
  readonly #clock: Pick<Clock, "every">;
  readonly #read: (counting: boolean) => NodeFigures;
  readonly #use: RecentUse;
  readonly #kept: NodeFigures[] = [];
  #last: NodeFigures | undefined;

  /** @param read reads figures; `counting` says whether somebody looks, so that it is worth the effort. */
  constructor(clock: Pick<Clock, "every">, use: RecentUse, read: (counting: boolean) => NodeFigures) {
    this.#read = read;
    this.#use = use;
    this.#clock = clock;
  }

  /** The figures for somebody who watches. */
  current(nowMs: number): NodeFigures {
    this.#use.note();
    if (this.#last === undefined || Math.abs(nowMs - this.#last.timeMs) >= freshMs) this.#last = this.#read(true);
    return this.#last;
  }

  /** The kept figures of the last minutes, by default all of them, oldest first. */
  history(minutes = Infinity): readonly NodeFigures[] {
    return this.#kept.slice(-Math.ceil((minutes * 60_000) / keepMs));
  }

  /** Keeps figures until the returned function is called. */
  start(): () => void {
    return this.#clock.every(keepMs, () => this.#keep());
  }

  #keep(): void {
    const counting = this.#use.isRecent;
    this.#last = this.#read(counting);
    this.#kept.push(this.#last);
    if (this.#kept.length > maxKept) this.#kept.shift();
  }
}
