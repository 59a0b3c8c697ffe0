import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "./system.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

test("tells the time of the machine", () => {
  expect(systemClock.now()).toBe(1_000);
});

test("runs a task once, or again and again, until it is cancelled", () => {
  const [once, cancelled, repeated] = [vi.fn<() => void>(), vi.fn<() => void>(), vi.fn<() => void>()];
  systemClock.after(100, once);
  systemClock.after(100, cancelled)();
  const stop = systemClock.every(100, repeated);
  vi.advanceTimersByTime(350);
  stop();
  vi.advanceTimersByTime(350);
  expect([once, cancelled, repeated].map(({ mock }) => mock.calls.length)).toEqual([1, 0, 3]);
});
