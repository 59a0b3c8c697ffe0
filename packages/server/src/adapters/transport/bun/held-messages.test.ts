import { FakeClock } from "@sealcast/server-testing";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { TurnBudget } from "../links/turn-budget.ts";
import { HeldMessages } from "./held-messages.ts";

interface SetUp {
  readonly held: HeldMessages;
  readonly received: string[];
  /** Uses up the time for input in this turn. */
  readonly takeTime: () => void;
}

function setUp(maxCount = 100): SetUp {
  const clock = new FakeClock();
  const turns = new TurnBudget(clock);
  const received: string[] = [];
  return {
    received,
    held: new HeldMessages(turns, maxCount, (text) => received.push(text)),
    takeTime: () => {
      turns.hasTime();
      clock.advance(5);
    },
  };
}

test("messages are passed on at once while there is time, and else in later turns, in order", async () => {
  const { held, received, takeTime } = setUp();
  expect(held.add("a")).toBe(true);
  takeTime();
  const later = Array.from({ length: 20 }, (_, index) => `${index}`);
  for (const text of later) expect(held.add(text)).toBe(true);
  expect(received).toEqual(["a"]);
  await expect.poll(() => received).toEqual(["a", ...later]);
});

test("what waits is bounded, in number and in length", () => {
  const { held, takeTime } = setUp(3);
  takeTime();
  expect([1, 2, 3, 4].map((index) => held.add(`${index}`))).toEqual([true, true, true, false]);
  const { held: long, takeTime: takeMore } = setUp();
  takeMore();
  expect(long.add("x".repeat(2_000_000))).toBe(true);
  expect(long.add("y")).toBe(false);
});

test("the end waits until all messages were passed on", async () => {
  const { held, received, takeTime } = setUp();
  takeTime();
  held.add("a");
  const done = new Promise<number>((resolve) => held.whenDone(() => resolve(received.length)));
  expect(await done).toBe(1);
  expect(await new Promise((resolve) => held.whenDone(() => resolve("at once")))).toBe("at once");
});

test("nothing is passed on after it was dropped", async () => {
  const { held, received, takeTime } = setUp();
  takeTime();
  held.add("a");
  held.clear();
  await nextTurn();
  await nextTurn();
  held.add("b");
  await expect.poll(() => received).toEqual(["b"]);
});
