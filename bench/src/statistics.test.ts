import { describe, expect, test } from "vitest";
import { quantile, summarize } from "./statistics.ts";

describe("quantile()", () => {
  test.each([
    { values: [5], q: 0.5, wanted: 5 },
    { values: [3, 1, 2], q: 0.5, wanted: 2 },
    { values: [4, 1, 3, 2], q: 0.5, wanted: 2.5 },
    { values: [1, 2, 3, 4, 5], q: 0, wanted: 1 },
    { values: [1, 2, 3, 4, 5], q: 1, wanted: 5 },
    { values: [10, 9], q: 0.25, wanted: 9.25 },
  ])("takes $q of $values", ({ values, q, wanted }) => {
    expect(quantile(values, q)).toBe(wanted);
  });

  test("sorts by value, not by text", () => {
    expect(quantile([10, 9, 100], 0.5)).toBe(10);
  });

  test.each([
    { values: [], q: 0.5 },
    { values: [1], q: 1.5 },
    { values: [1], q: Number.NaN },
  ])("refuses $q of $values", ({ values, q }) => {
    expect(() => quantile(values, q)).toThrow(RangeError);
  });

  test("leaves its input as it is", () => {
    const values = Float64Array.from([2, 1]);
    quantile(values, 0.5);
    expect([...values]).toEqual([2, 1]);
  });
});

describe("summarize()", () => {
  test("gives median, range and number of runs", () => {
    expect(summarize([7, 5, 100])).toEqual({ median: 7, lowest: 5, highest: 100, runs: 3 });
  });
});
