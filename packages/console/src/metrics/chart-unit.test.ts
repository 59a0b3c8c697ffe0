import { expect, test } from "vitest";
import { bytes, counts, milliseconds } from "./chart-unit.ts";

test.each([
  [counts, 12_345.4, "12,345"],
  [milliseconds, 0, "0 ms"],
  [milliseconds, 0.25, "0.25 ms"],
  [milliseconds, 4, "4 ms"],
  [milliseconds, 4.26, "4.3 ms"],
  [milliseconds, 320.4, "320 ms"],
  [bytes, 67_108_864, "64 MiB"],
])("%#: a value is shown with its unit", (unit, value, expected) => {
  expect(unit.text(value)).toBe(expected);
});

test("the lines of the grid are at round values", () => {
  expect(milliseconds.steps.slice(0, 5)).toEqual([0.1, 0.2, 0.5, 1, 2]);
  expect(counts.steps.slice(0, 4)).toEqual([1, 2, 5, 10]);
  expect(bytes.steps.slice(0, 3).map((step) => 64 % step)).toEqual([0, 0, 0]);
});
