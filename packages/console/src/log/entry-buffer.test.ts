import type { LogEntry } from "@sealcast/server/console";
import { expect, test } from "vitest";
import { EntryBuffer } from "./entry-buffer.ts";

function entries(from: number, count: number): LogEntry[] {
  return Array.from({ length: count }, (_, index) => ({
    id: from + index,
    node: "a",
    timeMs: 0,
    type: (from + index) % 2 === 0 ? "api-message" : "client-event",
    details: "",
  }));
}
const isMessage = (entry: LogEntry): boolean => entry.type === "api-message";
const idsOf = (list: readonly LogEntry[]): number[] => list.map(({ id }) => id);

test("keeps the newest entries and bounds their number", () => {
  const buffer = new EntryBuffer(100);
  for (let from = 0; from < 1_000; from += 10) buffer.append(entries(from, 10));
  expect(buffer.entries.length).toBeLessThanOrEqual(110);
  expect(buffer.entries.at(-1)?.id).toBe(999);
});

test("the matching entries are always those of all entries that match", () => {
  const buffer = new EntryBuffer(100);
  buffer.append(entries(0, 50));
  buffer.filter(isMessage);
  for (let from = 50; from < 500; from += 7) {
    buffer.append(entries(from, 7));
    expect(idsOf(buffer.matching)).toEqual(idsOf(buffer.entries.filter(isMessage)));
  }
});

test("nothing is left after clear", () => {
  const buffer = new EntryBuffer(10);
  buffer.append(entries(0, 5));
  buffer.clear();
  expect([buffer.entries, buffer.matching]).toEqual([[], []]);
});
