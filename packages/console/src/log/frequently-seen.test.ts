import type { LogEntry } from "@sealcast/server/console";
import { expect, test } from "vitest";
import { frequentlySeen } from "./frequently-seen.ts";

const on = (channel: string | undefined): LogEntry => ({
  id: 0,
  node: "a",
  timeMs: 0,
  type: "api-message",
  details: "",
  ...(channel === undefined ? {} : { channel }),
});

test("returns the most frequent names first and leaves out entries without one", () => {
  const entries = ["b", "a", undefined, "c", "c", "constructor", "b", "c"].map(on);
  expect(frequentlySeen(entries, (entry) => entry.channel)).toEqual([
    { name: "c", count: 3 },
    { name: "b", count: 2 },
    { name: "a", count: 1 },
  ]);
});
