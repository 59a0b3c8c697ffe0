import { expect, test } from "vitest";
import { decideCount } from "./count-announcements.ts";

test.each([
  [1, false, "announce"],
  [100, true, "announce"],
  [101, false, "announce-and-wait"],
  [101, true, "keep"],
] as const)("[COUNT2] a count of %i, while waiting: %s", (count, waiting, decision) => {
  expect(decideCount(count, waiting)).toBe(decision);
});
