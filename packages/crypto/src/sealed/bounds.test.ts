import { describe, expect, test } from "vitest";
import { encodeUtf8 } from "../utf8.ts";
import { blindedChannelName, blindedUserId } from "./blinded-name.ts";
import { lengthPrefixed } from "./context.ts";
import { encodeFrame, parseFrame, type SenderStamp } from "./frame.ts";
import { padmeLength, paddedLength } from "./padding.ts";
import { deriveSealedKey } from "./sealed-key.ts";
import { createSealedRing, keysForClient, sealedRefreshMs, sealedSwitchMs, sealingKey } from "./sealed-ring.ts";

const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const at = (fromMs: number): { key: Uint8Array; fromMs: number } => ({ key: key(fromMs + 1), fromMs });
const context = { appId: "1", channel: "private-sealed-a", generation: 0 };
const stamp: SenderStamp = { session: new Uint8Array(8), seq: 1, sentMs: 1 };
const frame = (payload: string, hiddenName?: string): Uint8Array =>
  encodeFrame({ stamp, hiddenName, payload: encodeUtf8(payload), isBinary: false }, false);

test("errors name the part, what was expected and what was found", () => {
  const short = new Uint8Array(31);
  const cases: readonly [message: string, call: () => unknown][] = [
    ['Invalid padding: expected "none", "padme" or 1 to 65536 bytes, got 0', () => paddedLength(1, 0)],
    ["Invalid text: expected at most 65535 bytes, got 65536", () => lengthPrefixed("x".repeat(65_536))],
    ["Invalid name key: expected 32 bytes, got 31", () => blindedUserId(short, "c", "u")],
    ["Invalid ring key: expected 32 bytes, got 31", () => createSealedRing([{ key: short, fromMs: 0 }])],
    [
      "Invalid generation: expected a whole number from 0 to 2^32 - 1, got 4294967296",
      () => deriveSealedKey(key(1), { ...context, generation: 2 ** 32 }),
    ],
    ["Invalid key ring: expected at least one key, got none", () => createSealedRing([])],
    ["Invalid key ring: expected times in whole milliseconds", () => createSealedRing([at(0.5)])],
    ["Invalid key ring: expected different times, got two equal ones", () => createSealedRing([at(0), at(0)])],
    [
      "Invalid key ring: expected different keys, got two equal ones",
      () => createSealedRing([at(0), { ...at(0), fromMs: 1 }]),
    ],
    ["Invalid overlap: expected at least 0 ms, got -1", () => createSealedRing([at(0)], -1)],
    [
      "Invalid session: expected 8 bytes, got 7",
      () =>
        encodeFrame(
          { stamp: { ...stamp, session: new Uint8Array(7) }, hiddenName: undefined, payload: key(1), isBinary: true },
          false,
        ),
    ],
    [
      "Invalid number in a frame: expected a whole number up to 2^48 - 1, got 0.5",
      () =>
        encodeFrame({ stamp: { ...stamp, seq: 0.5 }, hiddenName: undefined, payload: key(1), isBinary: true }, false),
    ],
  ];
  for (const [message, call] of cases) expect(call).toThrow(new RangeError(message));
});

test("the largest values are accepted", () => {
  expect(lengthPrefixed("x".repeat(65_535))).toHaveLength(65_537);
  expect(deriveSealedKey(key(1), { ...context, generation: 2 ** 32 - 1 }).key).toHaveLength(32);
  expect(createSealedRing([{ key: key(1), fromMs: 0 }], 0).overlapMs).toBe(0);
});

test("Padmé keeps lengths up to eight, and rounds longer ones up", () => {
  expect([0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17].map(padmeLength)).toEqual([0, 1, 2, 3, 4, 7, 8, 10, 16, 16, 18]);
});

describe("a frame", () => {
  test("may have an empty hidden name, and no payload behind its name", () => {
    expect(parseFrame(frame("", ""))?.hiddenName).toBe("");
    expect(parseFrame(frame("", "created"))?.hiddenName).toBe("created");
  });

  test("is malformed if a part is missing, or its name is not UTF-8", () => {
    expect(parseFrame(frame("1").subarray(0, 24))).toBeUndefined();
    expect(parseFrame(frame("payload").subarray(0, 30))).toBeUndefined();
    expect(parseFrame(frame("", "name").subarray(0, 26))).toBeUndefined();
    expect(parseFrame(frame("", "name").subarray(0, 30))).toBeUndefined();
    const named = frame("1", "é");
    named[28] = 0xff;
    expect(parseFrame(named)).toBeUndefined();
  });
});

describe("[SEAL10] a ring of keys in any order", () => {
  const ring = createSealedRing(
    [
      { key: key(3), fromMs: 2_000 },
      { key: key(1), fromMs: 0 },
      { key: key(2), fromMs: 1_000 },
    ],
    500,
  );
  test.each([
    [-1, 1, 1_001],
    [999, 1, 1],
    [1_000, 2, 1_000],
    [2_000, 3, undefined],
  ])("at %i ms seals with key %i, and changes it after %s ms", (nowMs, fill, switchMs) => {
    expect(sealingKey(ring, context, nowMs)).toEqual(deriveSealedKey(key(fill), context));
    expect(keysForClient(ring, context, nowMs)[0]?.id).toBe(deriveSealedKey(key(fill), context).id);
    expect(sealedSwitchMs(ring, nowMs)).toBe(switchMs);
  });

  test("clients ask again in the second half of the longest time, or in the middle half of the time until the next key", () => {
    const [soon, never] = [ring.keys[1]?.fromMs ?? 0, 9_000];
    expect([0, 0.5, 0.999].map((random) => sealedRefreshMs(ring, never, random, 10_000))).toEqual([
      5_000, 7_500, 9_995,
    ]);
    const far = soon - 100_000;
    expect([0, 0.5, 0.998].map((random) => sealedRefreshMs(ring, far, random, 1e9))).toEqual([25_000, 50_000, 74_900]);
    expect(sealedRefreshMs(ring, 999, 0.5, 1e9)).toBe(1_000);
  });
});

test("[SEAL9] pseudonyms depend on the name key, the channel, and whether they stand for a channel or a user", () => {
  const names = [
    blindedUserId(key(1), "presence-sealed-a", "ada"),
    blindedUserId(key(1), "presence-sealed-b", "ada"),
    blindedUserId(key(1), "presence-sealed-a", "bob"),
    blindedUserId(key(2), "presence-sealed-a", "ada"),
    blindedChannelName(key(1), "presence-sealed-a", "ada").split("=")[1],
  ];
  expect(new Set(names).size).toBe(5);
  for (const name of names) expect(name).toMatch(/^[\w-]{22}$/);
  expect(blindedUserId(key(1), "presence-sealed-a", "ada")).toBe(names[0]);
});
