import { expect, onTestFinished, test, vi } from "vitest";
import { createLineWriter, type LineSink } from "./line-writer.ts";

type Done = Parameters<LineSink["write"]>[1];

/** A sink that leaves each write open until the test answers it. */
function manualSink(): { sink: LineSink; written: string[]; answer: Done } {
  const written: string[] = [];
  let pending: Done | undefined;
  const sink: LineSink = {
    write(text, done) {
      written.push(text.toString());
      pending = done;
    },
  };
  const answer: Done = (error, accepted) => {
    const done = pending;
    pending = undefined;
    done?.(error, accepted);
  };
  return { sink, written, answer };
}

const failure = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code });

test("lines that wait are written together, in order", () => {
  const { sink, written, answer } = manualSink();
  const writer = createLineWriter(sink, () => undefined);
  for (const line of ["a\n", "b\n", "c\n"]) writer.write(line);
  answer(null, 2);
  expect(written).toEqual(["a\n", "b\nc\n"]);
});

test("a chunk that was accepted in part is continued", () => {
  const { sink, written, answer } = manualSink();
  createLineWriter(sink, () => undefined).write("abcdef\n");
  answer(null, 3);
  expect(written).toEqual(["abcdef\n", "def\n"]);
});

test("a chunk for which there is no space is dropped and counted; the next one is written", () => {
  const { sink, written, answer } = manualSink();
  const dropped = vi.fn<(lines: number) => void>();
  const writer = createLineWriter(sink, dropped);
  writer.write("a\n");
  writer.write("b\n");
  answer(failure("ENOSPC"), 0);
  answer(null, 2);
  expect(written).toEqual(["a\n", "b\n"]);
  expect(dropped.mock.calls).toEqual([[1]]);
});

test("a line that comes after a failed write is written, and the dropped lines are reported", () => {
  const { sink, written, answer } = manualSink();
  const dropped = vi.fn<(lines: number) => void>();
  const writer = createLineWriter(sink, dropped);
  writer.write("a\n");
  answer(failure("EIO"), 0);
  writer.write("b\n");
  expect(written).toEqual(["a\n", "b\n"]);
  answer(null, 2);
  expect(dropped.mock.calls).toEqual([[1]]);
});

test("more than 1 MiB does not wait: further lines are dropped and counted", () => {
  const { sink, written, answer } = manualSink();
  const dropped = vi.fn<(lines: number) => void>();
  const writer = createLineWriter(sink, dropped);
  const line = `${"x".repeat(999)}\n`;
  for (let count = 0; count < 3_000; count += 1) writer.write(line);
  answer(null, 1_000);
  expect(written[1]).toHaveLength(1_048_000);
  expect(dropped.mock.calls).toEqual([[3_000 - 1 - 1_048]]);
});

test("a reader that is stuck is asked again, and delays the end by at most a second", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { sink, written, answer } = manualSink();
  const writer = createLineWriter(sink, () => undefined);
  writer.write("a\n");
  answer(failure("EAGAIN"), 0);
  await vi.advanceTimersByTimeAsync(50);
  expect(written).toEqual(["a\n", "a\n"]);
  const closed = writer.close();
  await vi.advanceTimersByTimeAsync(1_000);
  await expect(closed).resolves.toBeUndefined();
});

test("the end waits for lines that are being written", async () => {
  const { sink, answer } = manualSink();
  const writer = createLineWriter(sink, () => undefined);
  writer.write("a\n");
  let closed = false;
  const closing = writer.close().then(() => (closed = true));
  await Promise.resolve();
  expect(closed).toBe(false);
  answer(null, 2);
  await closing;
});
