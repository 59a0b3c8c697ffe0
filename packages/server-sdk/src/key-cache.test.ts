import { expect, test } from "vitest";
import { KeyCache } from "./key-cache.ts";

test("a key is derived once per channel, version and period, and never used outside of its period", () => {
  const cache = new KeyCache<string>();
  const derived: string[] = [];
  const keyAt = (channel: string, version: number, nowMs: number): string =>
    cache.at(channel, version, nowMs, () => {
      const untilMs = nowMs < 100 ? 100 : Infinity;
      derived.push(`${channel} ${version} ${untilMs}`);
      return { key: derived.at(-1) ?? "", untilMs };
    });
  expect([keyAt("a", 0, 10), keyAt("a", 0, 99), keyAt("b", 0, 99)]).toEqual(["a 0 100", "a 0 100", "b 0 100"]);
  expect([keyAt("a", 0, 100), keyAt("a", 0, 1e9)]).toEqual(["a 0 Infinity", "a 0 Infinity"]);
  // The clock has gone back, and then a member was removed.
  expect([keyAt("a", 0, 50), keyAt("a", 1, 51), keyAt("a", 1, 60)]).toEqual(["a 0 100", "a 1 100", "a 1 100"]);
  expect(derived).toHaveLength(5);
});

test("it forgets the channels that it has known longest", () => {
  const cache = new KeyCache<number>();
  let derivations = 0;
  const derive = (): { key: number; untilMs: number } => ({ key: (derivations += 1), untilMs: Infinity });
  for (let channel = 0; channel <= 10_000; channel += 1) cache.at(`${channel}`, 0, 0, derive);
  cache.at("10000", 0, 0, derive);
  expect(derivations).toBe(10_001);
  cache.at("0", 0, 0, derive);
  expect(derivations).toBe(10_002);
});
