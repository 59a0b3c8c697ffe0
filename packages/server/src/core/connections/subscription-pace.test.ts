import { expect, test } from "vitest";
import { SubscriptionPace } from "./subscription-pace.ts";

/** Ends a subscription and takes another. */
function repeat(pace: SubscriptionPace, nowMs: number): number {
  pace.ended();
  return pace.take(nowMs);
}

test("[SUB13] first subscriptions do not wait", () => {
  const pace = new SubscriptionPace(2);
  expect(Array.from({ length: 1_000 }, () => pace.take(0))).toEqual(Array.from({ length: 1_000 }, () => 0));
});

test("[SUB13] repeated subscriptions wait once there are as many as fit into a second", () => {
  const pace = new SubscriptionPace(2);
  expect([0, 0, 0, 0].map((nowMs) => repeat(pace, nowMs))).toEqual([0, 0, 500, 1_000]);
  expect(repeat(pace, 1_500)).toBe(0);
  expect(repeat(pace, 1_600)).toBe(400);
  expect([10_000, 10_000, 10_000].map((nowMs) => repeat(pace, nowMs))).toEqual([0, 0, 500]);
});

test("[SUB13] 0 is no limit", () => {
  const pace = new SubscriptionPace(0);
  expect([0, 0, 0].map((nowMs) => repeat(pace, nowMs))).toEqual([0, 0, 0]);
});
