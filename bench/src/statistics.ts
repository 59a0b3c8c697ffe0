/** Median and range of several runs of the same measurement. */
export interface Summary {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  readonly runs: number;
}

/** Summarizes at least one value; throws a `RangeError` on an empty list, which would otherwise become a silent `NaN`. */
export function summarize(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    median: quantileOfSorted(sorted, 0.5),
    lowest: quantileOfSorted(sorted, 0),
    highest: quantileOfSorted(sorted, 1),
    runs: sorted.length,
  };
}

/**
 * The value below which the share `q` (0 to 1) of `values` lies, with linear interpolation between neighbors.
 * Accepts a typed array, because latency runs hold hundreds of thousands of samples.
 */
export function quantile(values: Float64Array | readonly number[], q: number): number {
  return quantileOfSorted(Float64Array.from(values).toSorted(), q);
}

function quantileOfSorted(sorted: Float64Array | readonly number[], q: number): number {
  if (sorted.length === 0) throw new RangeError("Cannot take a quantile of no values: at least one is needed");
  if (!(q >= 0 && q <= 1)) throw new RangeError(`Cannot take quantile ${q}: a share from 0 to 1 is needed`);
  const position = (sorted.length - 1) * q;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}
