import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TurnBudget, type Waiting } from "./turn-budget.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setImmediate", "clearImmediate"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const done: string[] = [];

/** Work whose pieces take 0.2 ms each. */
function work(name: string, pieces: number): Waiting {
  let left = pieces;
  return {
    work() {
      done.push(name);
      spend(0.2);
      left -= 1;
      return left > 0;
    },
  };
}

let nowMs = 0;
function spend(ms: number): void {
  nowMs += ms;
}

describe("the time for input in one turn", () => {
  beforeEach(() => {
    done.length = 0;
    nowMs = 0;
  });

  it("ends after 1 ms, for everybody, until the next turn", () => {
    const turns = new TurnBudget({ monotonicNow: () => nowMs });
    expect(turns.hasTime()).toBe(true);
    spend(0.9);
    expect(turns.hasTime()).toBe(true);
    spend(0.2);
    expect(turns.hasTime()).toBe(false);
    vi.advanceTimersToNextTimer();
    expect(turns.hasTime()).toBe(true);
  });

  it("gives each waiting connection a piece in turn", () => {
    const turns = new TurnBudget({ monotonicNow: () => nowMs });
    for (const name of ["a", "b"]) turns.wait(work(name, 4), false);
    vi.advanceTimersToNextTimer();
    expect(done).toEqual(["a", "b", "a"]);
    vi.advanceTimersToNextTimer();
    expect(done.slice(3)).toEqual(["b", "a", "b"]);
    vi.advanceTimersToNextTimer();
    expect(done.slice(6)).toEqual(["a", "b"]);
    vi.advanceTimersToNextTimer();
    expect(done).toHaveLength(8);
  });

  it("serves what newly arrives before the rest of what came earlier", () => {
    const turns = new TurnBudget({ monotonicNow: () => nowMs });
    turns.wait(work("flood", 100), false);
    vi.advanceTimersToNextTimer();
    turns.wait(work("newcomer", 1), true);
    done.length = 0;
    vi.advanceTimersToNextTimer();
    expect(done).toEqual(["newcomer", "flood", "flood", "flood"]);
  });

  it("lets deliveries of what newly arrived leave before the rest is worked on", () => {
    const turns = new TurnBudget({ monotonicNow: () => nowMs });
    const publish = (): boolean => {
      turns.atEnd(() => done.push("deliveries"));
      return false;
    };
    turns.wait(work("flood", 100), false);
    vi.advanceTimersToNextTimer();
    turns.wait({ work: publish }, true);
    done.length = 0;
    vi.advanceTimersToNextTimer();
    expect(done).toEqual(["deliveries", "flood", "flood", "flood"]);
  });

  it("lets others go before deliveries that were due first, once", () => {
    const turns = new TurnBudget({ monotonicNow: () => nowMs });
    turns.atEnd(() => done.push("deliveries"));
    for (const name of ["command", "later command"]) {
      setImmediate(() => done.push(name));
      turns.letOthersGoFirst();
    }
    for (let count = 0; count < 3; count += 1) vi.advanceTimersToNextTimer();
    expect(done).toEqual(["command", "deliveries", "later command"]);
  });

  it("keeps the order of those for whom a turn had no time", () => {
    const turns = new TurnBudget({ monotonicNow: () => nowMs });
    const names = ["a", "b", "c", "d", "e", "f", "g"];
    for (const name of names) turns.wait(work(name, 1), true);
    vi.advanceTimersToNextTimer();
    turns.wait(work("h", 1), true);
    vi.advanceTimersToNextTimer();
    expect(done).toEqual([...names, "h"]);
  });

  it("lets a loop of slices wait for the next turn", async () => {
    const turns = new TurnBudget({ monotonicNow: () => nowMs });
    turns.hasTime();
    spend(1.1);
    const next = turns.next();
    vi.advanceTimersToNextTimer();
    await next;
    expect(turns.hasTime()).toBe(true);
  });
});
