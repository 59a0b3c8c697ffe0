/** Upper ends of the buckets for durations, in seconds. A publish takes about 0.1 ms, a large list some milliseconds. */
export const durationBuckets = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5,
] as const;

/** Counts values by size. */
export class Histogram {
  readonly #ends: readonly number[];
  readonly #counts: number[];
  #sum = 0;
  #count = 0;

  /** @param ends upper ends of the buckets, ascending. */
  constructor(ends: readonly number[]) {
    this.#ends = ends;
    this.#counts = ends.map(() => 0);
  }

  observe(value: number): void {
    this.#sum += value;
    this.#count += 1;
    const bucket = this.#ends.findIndex((end) => value <= end);
    if (bucket !== -1) this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
  }

  get sum(): number {
    return this.#sum;
  }

  get count(): number {
    return this.#count;
  }

  /** How many values are at most as large as each end. */
  cumulative(): readonly { readonly end: number; readonly count: number }[] {
    let total = 0;
    return this.#ends.map((end, index) => {
      total += this.#counts[index] ?? 0;
      return { end, count: total };
    });
  }
}
