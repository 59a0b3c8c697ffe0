import type { LogEntry } from "@sealcast/server/console";
import { expect, test } from "vitest";
import { RepeatedEntries } from "./repeated-entries.ts";

const entry = (id: number, node = "a", timeMs = 0): LogEntry => ({ id, node, timeMs, type: "error", details: "" });

test("an entry is new once, and the oldest are forgotten first", () => {
  const repeated = new RepeatedEntries(3);
  expect(repeated.withoutRepeated([entry(1), entry(2)])).toEqual([entry(1), entry(2)]);
  expect(repeated.withoutRepeated([entry(1), entry(2), entry(3)])).toEqual([entry(3)]);
  expect(repeated.withoutRepeated([entry(4)])).toEqual([entry(4)]);
  expect(repeated.withoutRepeated([entry(1), entry(4)])).toEqual([entry(1)]);
});

test("entries with one number of two nodes, or of a node that has restarted, are different", () => {
  const repeated = new RepeatedEntries(10);
  const entries = [entry(1), entry(1, "b"), entry(1, "a", 5)];
  expect(repeated.withoutRepeated(entries)).toEqual(entries);
  repeated.clear();
  expect(repeated.withoutRepeated([entry(1)])).toEqual([entry(1)]);
});
