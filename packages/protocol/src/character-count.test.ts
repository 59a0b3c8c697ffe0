import { expect, test } from "vitest";
import { characterCount, exceedsCharacters } from "./character-count.ts";

test.each([
  ["", 0],
  ["abc", 3],
  ["é", 1],
  ["漢字", 2],
  ["😀😀", 2],
  ["\ud83d", 1],
])("[NAME5] %j has %i characters", (text, count) => {
  expect(characterCount(text)).toBe(count);
});

test("[NAME5] a limit of characters counts each once, however many bytes or units it takes", () => {
  expect(exceedsCharacters("😀".repeat(10), 10)).toBe(false);
  expect(exceedsCharacters("😀".repeat(11), 10)).toBe(true);
  expect(exceedsCharacters("a".repeat(11), 10)).toBe(true);
  expect(exceedsCharacters("a".repeat(1_000_000), 10)).toBe(true);
});
