import { expect, test } from "vitest";
import { oneTurn, type Turns } from "../core/turns.ts";
import { encodeLongText } from "./encode-long-text.ts";

const length = 600_000;

test.each([
  ["nothing", ""],
  ["letters", "x".repeat(length)],
  ["quotation marks", '"'.repeat(length)],
  ["control characters", "\u0001".repeat(length)],
  ["characters of two units", "😀".repeat(length)],
  ["characters of two units after a letter", `x${"😀".repeat(length)}`],
  ["halves of such characters", "\ud83d".repeat(length)],
])("[HTTP8] a long text of %s is encoded as JSON.stringify does it", async (_, text) => {
  expect((await encodeLongText(text, oneTurn)) === JSON.stringify(text)).toBe(true);
});

test("each part of a long text takes a turn of its own", async () => {
  let count = 0;
  const turns: Turns = {
    hasTime: () => true,
    next() {
      count += 1;
      return Promise.resolve();
    },
  };
  await encodeLongText("x".repeat(length), turns);
  expect(count).toBe(3);
});
