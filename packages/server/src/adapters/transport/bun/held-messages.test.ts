import { expect, test } from "vitest";
import { HeldMessages } from "./held-messages.ts";

function setUp(maxCount = 100) {
  const noted: string[] = [];
  const held = new HeldMessages(
    maxCount,
    (text) => noted.push(text),
    () => noted.push("done"),
  );
  return { held, noted };
}

test("messages are passed on in small pieces, in order", () => {
  const { held, noted } = setUp();
  const texts = Array.from({ length: 20 }, (_, index) => `${index}`);
  for (const text of texts) expect(held.add(text)).toBe(true);
  expect([1, 2, 3].map(() => held.work())).toEqual([true, true, false]);
  expect(noted).toEqual([...texts, "done"]);
});

test("what waits is bounded, in number and in length", () => {
  const { held } = setUp(3);
  expect([1, 2, 3, 4].map((index) => held.add(`${index}`))).toEqual([true, true, true, false]);
  const { held: long } = setUp();
  expect(long.add("x".repeat(2_000_000))).toBe(true);
  expect(long.add("y")).toBe(false);
});

test("the end waits until all messages were passed on", () => {
  const { held, noted } = setUp();
  held.add("a");
  held.whenDone(() => noted.push("end"));
  expect(noted).toEqual([]);
  held.work();
  expect(noted).toEqual(["a", "end"]);
  held.whenDone(() => noted.push("at once"));
  expect(noted).toEqual(["a", "end", "at once"]);
});

test("nothing is passed on after it was dropped", () => {
  const { held, noted } = setUp();
  held.add("a");
  held.clear();
  expect(held.work()).toBe(false);
  expect(noted).toEqual(["done"]);
});
