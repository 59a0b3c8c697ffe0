import type { LogEntry } from "@sealcast/server/console";
import { expect, test } from "vitest";
import { EntryPace } from "./entry-pace.ts";

const entry = (id: number): LogEntry => ({ id, node: "a", timeMs: 0, type: "error", details: "" });

test("lets entries through in order, and counts what it leaves out", () => {
  const pace = new EntryPace(3);
  pace.add([1, 2, 3, 4, 5].map(entry));
  expect(pace.leftOut).toBe(2);
  expect(pace.take(2).map(({ id }) => id)).toEqual([3, 4]);
  expect(pace.take(2).map(({ id }) => id)).toEqual([5]);
  pace.addLeftOut(10);
  expect(pace.leftOut).toBe(12);
});
