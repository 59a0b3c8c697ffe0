import { expect, test } from "vitest";
import { numberText } from "./number-text.ts";

test.each([
  [0, "0"],
  [0.0123, "0.0123"],
  [0.9996, "1"],
  [1.005, "1"],
  [12.34, "12.3"],
  [123.4, "123"],
  [1234, "1,234"],
  [12_345, "12.3 k"],
  [999_400, "999 k"],
  [999_600, "1 M"],
  [9_812_000, "9.81 M"],
  [-0.05, "-0.05"],
  [Number.NaN, "–"],
  [Number.POSITIVE_INFINITY, "–"],
])("writes %d as %s", (value, text) => {
  expect(numberText(value)).toBe(text);
});
