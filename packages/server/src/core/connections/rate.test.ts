import { describe, expect, test } from "vitest";
import { RateWindow } from "./rate.ts";

describe("rate", () => {
  test.each<[title: string, perSecond: number, takes: [atMs: number, amount: number, fits: boolean][]]>([
    [
      "[CLIENT7] the limit itself fits",
      2,
      [
        [0, 1, true],
        [0, 1, true],
        [0, 1, false],
      ],
    ],
    [
      "more than the limit fits into a second of its own",
      5,
      [
        [0, 10, true],
        [999, 1, false],
        [1_000, 1, true],
        [1_001, 10, false],
        [2_000, 10, true],
      ],
    ],
    [
      "a refused take counts nothing",
      3,
      [
        [0, 2, true],
        [0, 2, false],
        [0, 1, true],
      ],
    ],
    [
      "a second begins with its first event",
      1,
      [
        [500, 1, true],
        [1_499, 1, false],
        [1_500, 1, true],
      ],
    ],
    [
      "a quiet second owes nothing to the next",
      1,
      [
        [0, 1, true],
        [9_000, 1, true],
        [9_001, 1, false],
      ],
    ],
    [
      "0 is no limit",
      0,
      [
        [0, 1_000_000, true],
        [0, 1_000_000, true],
      ],
    ],
  ])("%s", (_, perSecond, takes) => {
    const window = new RateWindow(perSecond);
    expect(takes.map(([atMs, amount]) => window.take(atMs, amount))).toEqual(takes.map(([, , fits]) => fits));
  });
});
