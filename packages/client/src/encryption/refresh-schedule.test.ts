import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRefreshSchedule } from "./refresh-schedule.ts";
import { createRequestBudget } from "./request-budget.ts";

describe("[C5] fetches", () => {
  test("begin at once, then after pauses that grow to 5 seconds", () => {
    const schedule = createRefreshSchedule(createRequestBudget(1_000));
    expect(schedule.earliest()).toBe(0);
    const pauses: number[] = [];
    for (let fetch = 0; fetch < 7; fetch += 1) {
      schedule.begin(0);
      schedule.end(0, false, 1);
      pauses.push(schedule.earliest());
    }
    expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  });

  test("are one at a time", () => {
    const schedule = createRefreshSchedule(createRequestBudget(1_000));
    expect(schedule.earliest()).toBe(0);
    schedule.begin(0);
    expect(schedule.earliest()).toBe(Infinity);
    schedule.end(10, false, 0);
    expect(schedule.earliest()).toBe(10);
  });

  test("begin at once again after new keys, and after a rest", () => {
    const schedule = createRefreshSchedule(createRequestBudget(1_000));
    schedule.begin(0);
    schedule.end(0, false, 1);
    schedule.begin(250);
    schedule.end(300, true, 1);
    expect(schedule.earliest()).toBe(0);
    schedule.begin(300);
    schedule.end(300, false, 1);
    schedule.reset();
    expect(schedule.earliest()).toBe(0);
  });

  test("of all channels of a client together are bounded, too, until the oldest is a minute old", () => {
    const budget = createRequestBudget(60);
    const channels = Array.from({ length: 61 }, () => createRefreshSchedule(budget));
    for (const [index, channel] of channels.slice(0, 60).entries()) {
      expect(channel.earliest()).toBe(0);
      channel.begin(1_000 + index);
    }
    expect(channels.at(-1)?.earliest()).toBe(61_000);
  });

  test("are never more than 20 in a minute, whatever happens", () => {
    const fetches = fc.array(
      fc.record({
        tookMs: fc.nat({ max: 100 }),
        brought: fc.boolean(),
        jitter: fc.double({ min: 0, max: 0.99, noNaN: true }),
        rests: fc.boolean(),
      }),
      {
        minLength: 30,
        maxLength: 100,
      },
    );
    fc.assert(
      fc.property(fetches, (list) => {
        const schedule = createRefreshSchedule(createRequestBudget(1_000));
        const starts: number[] = [];
        let now = 0;
        for (const { tookMs, brought, jitter, rests } of list) {
          now = Math.max(now, schedule.earliest());
          schedule.begin(now);
          starts.push(now);
          now += tookMs;
          schedule.end(now, brought, jitter);
          if (rests) schedule.reset();
        }
        for (const start of starts) {
          expect(starts.filter((other) => other >= start && other < start + 60_000).length).toBeLessThanOrEqual(20);
        }
      }),
    );
  });
});
