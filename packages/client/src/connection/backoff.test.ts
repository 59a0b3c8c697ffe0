import { expect, test } from "vitest";
import { reconnectDelayMs } from "./backoff.ts";

// failures in a row, shortest and longest pause in milliseconds
test.each([
  [0, 500, 1_500],
  [1, 1_000, 3_000],
  [4, 8_000, 24_000],
  [5, 15_000, 45_000],
  [6, 15_000, 45_000],
  [1_000, 15_000, 45_000],
])("after %i failures: %i to %i ms", (failures, shortest, longest) => {
  expect(reconnectDelayMs(failures, 0)).toBe(shortest);
  expect(reconnectDelayMs(failures, 1)).toBe(longest);
});
