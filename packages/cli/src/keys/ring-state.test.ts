import { expect, test } from "vitest";
import { endMs, ringStates } from "./ring-state.ts";

const ring = [
  { key: "newest", from: "2030-01-03T00:00:00Z" },
  { key: "oldest" },
  { key: "middle", from: Date.UTC(2030, 0, 2) },
];

test.each([
  [Date.UTC(2030, 0, 1), ["in use", "next", "next"]],
  [Date.UTC(2030, 0, 2), ["replaced", "in use", "next"]],
  [Date.UTC(2031, 0, 1), ["replaced", "replaced", "in use"]],
])("at %d the keys, oldest first, are %j", (nowMs, states) => {
  expect(ringStates({ ring }, nowMs).map(({ state }) => state)).toEqual(states);
});

test("a key is removable when its successor is in use everywhere and clients no longer get it", () => {
  const [oldest, , newest] = ringStates({ ring, staggerMs: 1_000, rotationPauseMs: 500, overlapMs: 60_000 }, 0);
  expect(oldest?.removableFrom).toBe("2030-01-02T00:01:01.500Z");
  expect(newest?.removableFrom).toBeUndefined();
  expect(endMs(0, {})).toBe(2_102_000);
});

test("keys are distinguished by fingerprints, and not shown", () => {
  const states = ringStates({ ring }, 0);
  expect(new Set(states.map(({ fingerprint }) => fingerprint)).size).toBe(3);
  expect(JSON.stringify(states)).not.toMatch(/newest|oldest|middle/);
});
