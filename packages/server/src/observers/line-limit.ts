import type { Clock } from "../ports/clock.ts";

/** Lines of one cause that are written within a period. */
const linesPerCause = 10;
const periodMs = 60_000;

/** Lines of one cause that were left out within a period. */
export interface LeftOut<C> {
  readonly cause: C;
  readonly lines: number;
}

/**
 * Limits how often the log tells of the same thing: a client that is refused a thousand times a second must not fill the
 * disk, nor hide what else happens. Periods begin with the first line after the end of the last one.
 */
export class LineLimit<C> {
  readonly #clock: Pick<Clock, "after">;
  readonly #report: (leftOut: readonly LeftOut<C>[]) => void;
  #cancel: (() => void) | undefined;
  readonly #causes = new Map<string, { readonly cause: C; lines: number }>();

  /** @param report is called at the end of a period with the lines that were left out, if there were any. */
  constructor(clock: Pick<Clock, "after">, report: (leftOut: readonly LeftOut<C>[]) => void) {
    this.#clock = clock;
    this.#report = report;
  }

  /**
   * Counts a line; returns false if it is to be left out.
   *
   * @param key the same for all lines of a cause. There must be few: they are kept for a period.
   */
  take(key: string, cause: C): boolean {
    let counted = this.#causes.get(key);
    if (counted === undefined) {
      this.#cancel ??= this.#clock.after(periodMs, () => this.endPeriod());
      counted = { cause, lines: 0 };
      this.#causes.set(key, counted);
    }
    counted.lines += 1;
    return counted.lines <= linesPerCause;
  }

  /** Ends the period before its time. */
  endPeriod(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const leftOut = [...this.#causes.values()].flatMap(({ cause, lines }) =>
      lines > linesPerCause ? [{ cause, lines: lines - linesPerCause }] : [],
    );
    this.#causes.clear();
    if (leftOut.length > 0) this.#report(leftOut);
  }
}
