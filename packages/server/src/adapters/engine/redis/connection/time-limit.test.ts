import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { TimeLimit } from "./time-limit.ts";

const never = new Promise<never>(() => undefined);

test("an answer in time is passed on, and so is an error", async () => {
  const limit = new TimeLimit(10, () => new Error("late"));
  await expect(limit.within(Promise.resolve("answer"))).resolves.toBe("answer");
  await expect(limit.within(Promise.reject(new Error("refused")))).rejects.toThrow("refused");
});

test("each answer has all of its time, and is rejected after it", async () => {
  const limit = new TimeLimit(50, () => new Error("late"));
  const ends: string[] = [];
  const first = limit.within(never).catch(() => ends.push("first"));
  await sleep(30);
  const second = limit.within(never).catch(() => ends.push("second"));
  await first;
  expect(ends).toEqual(["first"]);
  await second;
  expect(ends).toEqual(["first", "second"]);
});

test("answers that come after a pause are limited, too", async () => {
  const limit = new TimeLimit(5, () => new Error("late"));
  await limit.within(Promise.resolve());
  await sleep(20);
  await expect(limit.within(never)).rejects.toThrow("late");
});
