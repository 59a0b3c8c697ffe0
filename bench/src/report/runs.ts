import type { Measurement } from "../measurement.ts";
import { summarize, type Summary } from "../statistics.ts";

/** Which repetitions are meant. */
export interface RunKey {
  readonly what: string;
  readonly subject: string;
  readonly x?: number;
}

/** All measurements of one scenario, ready to be asked for medians. */
export class Runs {
  readonly #measurements: readonly Measurement[];

  constructor(measurements: readonly Measurement[]) {
    this.#measurements = measurements;
  }

  /** Median and range of one value over the repetitions of a run; `undefined` when it was not measured. */
  summary(key: RunKey, value: string): Summary | undefined {
    const values = this.#of(key).flatMap(({ values: { [value]: found } }) => (found === undefined ? [] : [found]));
    return values.length === 0 ? undefined : summarize(values);
  }

  /** Median of one value; `NaN` when it was not measured, so that nothing computed from it looks like a result. */
  median(key: RunKey, value: string): number {
    return this.summary(key, value)?.median ?? Number.NaN;
  }

  /** Names of the servers that `what` was measured with, in the order of measuring. */
  subjects(what: string): string[] {
    return [...new Set(this.#measurements.filter((run) => run.what === what).map((run) => run.subject))];
  }

  /** Names of the values of a run, in the order of measuring. */
  valueNames(key: RunKey): string[] {
    return [...new Set(this.#of(key).flatMap(({ values }) => Object.keys(values)))];
  }

  /** The points of a curve, from left to right. */
  curve(what: string, subject: string, value: string): { readonly x: number; readonly y: number }[] {
    const positions = new Set(
      this.#measurements.flatMap((run) =>
        run.what === what && run.subject === subject && run.x !== undefined ? [run.x] : [],
      ),
    );
    return [...positions].toSorted((a, b) => a - b).map((x) => ({ x, y: this.median({ what, subject, x }, value) }));
  }

  #of({ what, subject, x }: RunKey): Measurement[] {
    return this.#measurements.filter((run) => run.what === what && run.subject === subject && run.x === x);
  }
}
