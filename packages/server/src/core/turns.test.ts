import { ShortTurns } from "@sealcast/server-testing";
import { describe, expect, test } from "vitest";
import { inTurns, oneAtATime, oneTurn } from "./turns.ts";

describe("work in turns", () => {
  test("is done at once while the turn has time", () => {
    const done: number[] = [];
    expect(inTurns(oneTurn, [1, 2, 3], (item) => done.push(item))).toBeUndefined();
    expect(done).toEqual([1, 2, 3]);
  });

  test("goes on in later turns, in order", async () => {
    const turns = new ShortTurns(2);
    const done: number[] = [];
    const later = inTurns(turns, [1, 2, 3, 4, 5], (item) => done.push(item));
    expect(done).toEqual([1, 2]);
    await turns.pass();
    expect(done).toEqual([1, 2, 3, 4]);
    await turns.pass();
    expect(done).toEqual([1, 2, 3, 4, 5]);
    await later;
  });

  test("needs no further turn after the last item of a list", () => {
    const done: number[] = [];
    expect(inTurns(new ShortTurns(1), [1], (item) => done.push(item))).toBeUndefined();
    expect(inTurns(new ShortTurns(1), [], (item: number) => done.push(item))).toBeUndefined();
    expect(done).toEqual([1]);
  });

  test("leaves out what a map loses meanwhile, and visits what it gains", async () => {
    const turns = new ShortTurns(1);
    const map = new Map([1, 2, 3].map((key) => [key, key]));
    const done: number[] = [];
    const later = inTurns(turns, map.keys(), (key) => done.push(key));
    map.delete(2);
    map.set(4, 4);
    for (let turn = 0; turn < 4; turn += 1) await turns.pass();
    await later;
    expect(done).toEqual([1, 3, 4]);
  });

  test("ends with the error of a piece", async () => {
    const turns = new ShortTurns(1);
    const later = inTurns(turns, [1, 2, 3], (item) => {
      if (item === 2) throw new RangeError("two");
    });
    await Promise.all([expect(later).rejects.toThrow("two"), turns.pass()]);
  });
});

test("work that runs one at a time begins again when it is done, if it was started meanwhile", async () => {
  const turns = new ShortTurns(1);
  let begun = 0;
  const start = oneAtATime(() => {
    begun += 1;
    return inTurns(turns, [1, 2], () => undefined);
  });
  start();
  expect(begun).toBe(1);
  await turns.pass();
  start();
  expect(begun).toBe(2);
  start();
  start();
  expect(begun).toBe(2);
  await turns.pass();
  expect(begun).toBe(3);
  await turns.pass();
  expect(begun).toBe(3);
});
