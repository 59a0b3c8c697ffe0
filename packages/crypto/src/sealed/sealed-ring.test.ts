import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deriveSealedKey } from "./sealed-key.ts";
import { createSealedRing, keysForClient, openingKeys, sealedRefreshMs, sealingKey } from "./sealed-ring.ts";

const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const context = { appId: "1", channel: "private-sealed-a", generation: 0 };
const idOf = (fill: number, generation = 0): string => deriveSealedKey(key(fill), { ...context, generation }).id;
const ring = createSealedRing(
  [
    { key: key(2), fromMs: 1_000 },
    { key: key(3), fromMs: 2_000 },
    { key: key(1), fromMs: 0 },
  ],
  500,
);

describe("[SEAL10] key ring of sealed channels", () => {
  test.each([
    [-5, 1],
    [999, 1],
    [1_000, 2],
    [1_999, 2],
    [2_000, 3],
    [9_999, 3],
  ])("at %i ms seals with key %i", (nowMs, fill) => {
    expect(sealingKey(ring, context, nowMs).id).toBe(idOf(fill));
  });

  test.each<[nowMs: number, keys: [fill: number, ttlMs: number | undefined][]]>([
    [0, [[1, undefined], [2, undefined], [3, undefined]]], // prettier-ignore
    [1_100, [[2, undefined], [3, undefined], [1, 400]]], // prettier-ignore
    [1_500, [[2, undefined], [3, undefined]]], // prettier-ignore
    [2_100, [[3, undefined], [2, 400]]], // prettier-ignore
  ])("at %i ms gives clients the keys in use, announced, and replaced", (nowMs, keys) => {
    expect(keysForClient(ring, context, nowMs).map(({ id, ttlMs }) => [id, ttlMs])).toEqual(
      keys.map(([fill, ttlMs]) => [idOf(fill), ttlMs]),
    );
  });

  test("[SEAL11] after a removal gives clients a new key and the one of the generation before", () => {
    const keys = keysForClient(ring, { ...context, generation: 3 }, 5_000);
    expect(keys.map(({ id, ttlMs }) => [id, ttlMs])).toEqual([
      [idOf(3, 3), undefined],
      [idOf(3, 2), 500],
    ]);
    expect(keys.map(({ id }) => id)).not.toContain(idOf(3, 1));
  });

  test("gives clients at most eight keys", () => {
    const many = createSealedRing(Array.from({ length: 20 }, (_, index) => ({ key: key(index), fromMs: index })));
    expect(keysForClient(many, context, 0)).toHaveLength(8);
  });

  test("opens with every key of the ring, for two generations", () => {
    const keys = openingKeys(ring, { ...context, generation: 1 });
    expect([...keys.keys()].toSorted()).toEqual([1, 2, 3].flatMap((fill) => [idOf(fill, 0), idOf(fill, 1)]).toSorted());
    expect([...openingKeys(ring, context).keys()]).toEqual([idOf(1), idOf(2), idOf(3)]);
  });

  test("clients know each key before publishers use it, if they ask when they should", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -10_000, max: 998 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (now, random) => {
          const refreshMs = sealedRefreshMs(ring, now, random, 21_600_000);
          expect(refreshMs).toBeGreaterThanOrEqual(1_000);
          expect(now + refreshMs).toBeLessThanOrEqual(Math.max(1_000, now + 1_000));
          expect(keysForClient(ring, context, now).some(({ id }) => id === idOf(2))).toBe(true);
        },
      ),
    );
    expect(sealedRefreshMs(ring, 9_000, 0, 100_000)).toBe(50_000);
  });

  test.each<[why: string, build: () => unknown]>([
    ["no key", () => createSealedRing([])],
    ["a short key", () => createSealedRing([{ key: new Uint8Array(31), fromMs: 0 }])],
    ["a time that is no whole number", () => createSealedRing([{ key: key(1), fromMs: Number.NaN }])],
    ["a negative overlap", () => createSealedRing([{ key: key(1), fromMs: 0 }], -1)],
    ["two keys from one time", () => createSealedRing([{ key: key(1), fromMs: 0 }, { key: key(2), fromMs: 0 }])], // prettier-ignore
    ["two equal keys", () => createSealedRing([{ key: key(1), fromMs: 0 }, { key: key(1), fromMs: 1 }])], // prettier-ignore
  ])("refuses %s", (_, build) => {
    expect(build).toThrow(RangeError);
  });
});
