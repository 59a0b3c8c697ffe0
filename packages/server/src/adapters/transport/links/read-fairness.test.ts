import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ReadPace, type Pausable } from "./read-fairness.ts";

class Reader implements Pausable {
  isPaused = false;

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setImmediate"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a pace of reading", () => {
  it("holds a connection that sent 64 KiB in a row until the next turn", () => {
    const [pace, reader] = [new ReadPace(), new Reader()];
    pace.count(reader, 60_000);
    expect(reader.isPaused).toBe(false);
    pace.count(reader, 6_000);
    expect(reader.isPaused).toBe(true);
    vi.advanceTimersToNextTimer();
    expect(reader.isPaused).toBe(false);
    pace.count(reader, 60_000);
    expect(reader.isPaused).toBe(false);
  });

  it("counts small messages for more than their bytes", () => {
    const [pace, reader] = [new ReadPace(), new Reader()];
    for (let count = 0; count < 5_000; count += 1) pace.count(reader, 0);
    expect(reader.isPaused).toBe(true);
  });

  it("holds nobody where connections take turns", () => {
    const pace = new ReadPace();
    const readers = [new Reader(), new Reader()];
    for (let count = 0; count < 100; count += 1) for (const reader of readers) pace.count(reader, 60_000);
    expect(readers.map(({ isPaused }) => isPaused)).toEqual([false, false]);
  });
});
