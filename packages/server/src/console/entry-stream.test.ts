import { FakeClock } from "@sealcast/server-testing";
import { expect, test } from "vitest";
import type { LogEntry } from "./contract.ts";
import { EntryStream } from "./entry-stream.ts";

const entry = (id: number): LogEntry => ({ id, node: "a", timeMs: 0, type: "occupied", details: "" });

function setUp(): { clock: FakeClock; stream: EntryStream; written: string[]; waiting: { bytes: number } } {
  const clock = new FakeClock();
  const written: string[] = [];
  const waiting = { bytes: 0 };
  const stream = new EntryStream(
    {
      write: (part) => void written.push(String(part)),
      end: () => undefined,
      bufferedBytes: () => waiting.bytes,
      progress: () => 0,
    },
    clock,
  );
  return { clock, stream, written, waiting };
}

test("sends what was collected every 100 ms, in one event", () => {
  const { clock, stream, written } = setUp();
  stream.add(entry(1));
  stream.add(entry(2));
  expect(written).toEqual([]);
  clock.advance(100);
  expect(written).toEqual([`event: entries\ndata: ${JSON.stringify([entry(1), entry(2)])}\n\n`]);
  clock.advance(100);
  expect(written).toHaveLength(1);
});

test("leaves entries out above 2,000 a second, and says how many", () => {
  const { clock, stream, written } = setUp();
  for (let id = 0; id < 1_000; id += 1) stream.add(entry(id));
  clock.advance(100);
  expect(written[0]).toBe('event: dropped\ndata: {"count":800}\n\n');
});

test("writes nothing while the page does not keep up, so that memory stays bounded", () => {
  const { clock, stream, written, waiting } = setUp();
  waiting.bytes = 300_000;
  for (let round = 0; round < 10; round += 1) {
    stream.add(entry(round));
    clock.advance(100);
  }
  expect(written).toEqual([]);
  waiting.bytes = 0;
  clock.advance(100);
  expect(written).toEqual(['event: dropped\ndata: {"count":10}\n\n']);
});

test("no timer is left after stop", () => {
  const { clock, stream } = setUp();
  stream.stop();
  expect(clock.timers).toBe(0);
});
