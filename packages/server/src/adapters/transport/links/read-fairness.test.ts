import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ReadFairness, type Pausable } from "./read-fairness.ts";

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

describe("fairness of reading", () => {
  it("pauses a connection that sent 64 KiB in a row until the next turn", () => {
    const [fairness, reader] = [new ReadFairness(), new Reader()];
    fairness.count(reader, 60_000);
    expect(reader.isPaused).toBe(false);
    fairness.count(reader, 6_000);
    expect(reader.isPaused).toBe(true);
    vi.advanceTimersToNextTimer();
    expect(reader.isPaused).toBe(false);
    fairness.count(reader, 60_000);
    expect(reader.isPaused).toBe(false);
  });

  it("counts more than their bytes for small messages", () => {
    const [fairness, reader] = [new ReadFairness(), new Reader()];
    for (let count = 0; count < 5_000; count += 1) fairness.count(reader, 0);
    expect(reader.isPaused).toBe(true);
  });

  it("pauses no connection if connections take turns", () => {
    const fairness = new ReadFairness();
    const readers = [new Reader(), new Reader()];
    for (let count = 0; count < 100; count += 1) for (const reader of readers) fairness.count(reader, 60_000);
    expect(readers.map(({ isPaused }) => isPaused)).toEqual([false, false]);
  });
});
