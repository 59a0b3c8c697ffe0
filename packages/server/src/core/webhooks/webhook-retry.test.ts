import { expect, test } from "vitest";
import { retryDelayMs } from "./webhook-retry.ts";

test("[HOOK3] waits about 1, 2, 4 … 64 seconds, nine times", () => {
  const delays = Array.from({ length: 10 }, (_, index) => retryDelayMs(index + 1, 0, 0.5));
  expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 64_000, 64_000, undefined]);
});

test.each([
  [0, 800],
  [1, 1_200],
])("[HOOK3] chance %d makes one second %d ms", (chance, delayMs) => {
  expect(retryDelayMs(1, 0, chance)).toBe(delayMs);
});

test("[HOOK3] gives up when the next attempt would be later than five minutes after the first", () => {
  expect(retryDelayMs(7, 236_000, 0.5)).toBe(64_000);
  expect(retryDelayMs(7, 236_001, 0.5)).toBeUndefined();
});
