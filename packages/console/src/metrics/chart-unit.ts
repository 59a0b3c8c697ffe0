import { bytesText, countText } from "../shell/number-text.ts";

/** How a chart shows its values. */
export interface ChartUnit {
  readonly text: (value: number) => string;
  /** Distances between the lines of the grid, ascending. */
  readonly steps: readonly number[];
  /** The least value that the chart reaches up to, so that small changes do not look large. */
  readonly leastTop: number;
}

/** Whole numbers. */
export const counts: ChartUnit = { text: countText, steps: roundSteps(0, 12), leastTop: 4 };

/** Milliseconds, with decimals if they are few. */
export const milliseconds: ChartUnit = { text: millisecondsText, steps: roundSteps(-1, 6), leastTop: 1 };

/** Bytes in powers of two. */
export const bytes: ChartUnit = {
  text: bytesText,
  steps: Array.from({ length: 44 }, (_, power) => 2 ** power),
  leastTop: 4,
};

/** 1, 2 and 5, each with powers of ten. */
function roundSteps(first: number, last: number): number[] {
  const powers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return powers.flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`)));
}

function millisecondsText(value: number): string {
  const decimals = value === 0 || value >= 10 ? 0 : value < 1 ? 2 : 1;
  return `${Number(value.toFixed(decimals))} ms`;
}
