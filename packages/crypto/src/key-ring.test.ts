import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeBase64 } from "./base64.ts";
import { deriveChannelKey } from "./channel-key.ts";
import {
  createKeyRing,
  secretsForClient,
  looksWeak,
  nextRotation,
  openingSecrets,
  publishableFrom,
  publishingSecret,
  type KeyRing,
  type RingKey,
} from "./key-ring.ts";

const channel = "private-encrypted-orders";
const masterKey = (label: string): Uint8Array => new Uint8Array(createHash("sha256").update(label).digest());
const ringKey = (label: string, fromMs: number): RingKey => ({
  masterKey: masterKey(label),
  fromMs,
  derivation: "sha256",
});
const secretOf = (label: string): string => encodeBase64(deriveChannelKey(masterKey(label), channel));
const [T, rotationPauseMs, overlapMs] = [1_000_000, 2_000, 60_000];
const ring = createKeyRing([ringKey("new", T), ringKey("old", 0)], { rotationPauseMs, overlapMs });

describe("key ring", () => {
  test.each([
    // time, seals with, publishes from, shared secret, further secrets
    [-5, "old", -5, "old", ["new"]],
    [T - 1, "old", T - 1, "old", ["new"]],
    [T, "new", T + 2_000, "old", ["new"]],
    [T + 999, "new", T + 2_000, "old", ["new"]],
    [T + 1_000, "new", T + 2_000, "new", ["old"]],
    [T + 2_000, "new", T + 2_000, "new", ["old"]],
    [T + 59_999, "new", T + 59_999, "new", ["old"]],
    [T + 60_000, "new", T + 60_000, "new", []],
  ])("[R2 R3 R4 R6] at %i", (now, seals, publishes, shared, others) => {
    expect(encodeBase64(publishingSecret(ring, channel, now))).toBe(secretOf(seals));
    expect(publishableFrom(ring, channel, now)).toBe(publishes);
    const { sharedSecret, secrets } = secretsForClient(ring, channel, now, 0);
    expect(encodeBase64(sharedSecret)).toBe(secretOf(shared));
    expect(secrets.map(encodeBase64)).toEqual([shared, ...others].map(secretOf));
  });

  test("[R1] with one key never pauses and never rotates, whatever its time", () => {
    const single = createKeyRing([ringKey("only", T)]);
    for (const now of [0, T - 1, T, T + 1]) {
      expect(publishableFrom(single, channel, now)).toBe(now);
      expect(nextRotation(single, channel, now)).toBeUndefined();
      expect(encodeBase64(publishingSecret(single, channel, now))).toBe(secretOf("only"));
      expect(secretsForClient(single, channel, now, 0).secrets.map(encodeBase64)).toEqual([secretOf("only")]);
    }
  });

  test("[R4] gives clients at most four secrets: the shared one, then announced, then replaced ones, nearest first", () => {
    const keys = ["a", "b", "c", "d", "e", "f"].map((label, index) => ringKey(label, index * 10_000));
    const many = createKeyRing(keys, { rotationPauseMs: 0, overlapMs: 1_000_000 });
    const labelsAt = (now: number): string[] => secretsForClient(many, channel, now, 0).secrets.map(encodeBase64);
    expect(labelsAt(10_000)).toEqual(["b", "c", "d", "e"].map(secretOf));
    expect(labelsAt(50_000)).toEqual(["f", "e", "d", "c"].map(secretOf));
  });

  test("[R4] asks clients to come back before the next rotation, at times spread over half of the time until then", () => {
    expect(refresh(T - 100_000, 0)).toBe(25_000);
    expect(refresh(T - 100_000, 0.999)).toBe(74_950);
    expect(refresh(T - 1, 0.5)).toBe(1_000);
    expect(refresh(T, 0)).toBe(10_800_000);
    expect(refresh(T, 0.5)).toBe(16_200_000);
  });

  test("[R5] spreads rotations over the stagger by channel name, equally on every instance", () => {
    const staggerMs = 60_000;
    const build = (): KeyRing => createKeyRing([ringKey("old", 0), ringKey("new", T)], { staggerMs, rotationPauseMs });
    const names = Array.from({ length: 500 }, (_, index) => `private-encrypted-${index}`);
    const rotations = names.map((name) => nextRotation(build(), name, 0));
    expect(rotations).toEqual(names.map((name) => nextRotation(build(), name, 0)));
    expect(rotations).toEqual(
      names.map((name) => T + (createHash("sha256").update(name).digest().readUInt32BE(0) % (staggerMs + 1))),
    );
    const spread = rotations.map((at = 0) => (at - T) / staggerMs);
    expect(Math.min(...spread)).toBeLessThan(0.05);
    expect(Math.max(...spread)).toBeGreaterThan(0.95);
  });

  test("[R7] opens with every key, newest first, however old", () => {
    expect(openingSecrets(ring, channel).map(encodeBase64)).toEqual(["new", "old"].map(secretOf));
  });

  test("derives as the .NET library does if a key says so, and accepts the same key with the other derivation", () => {
    const same = masterKey("shared with .NET");
    const mixed = createKeyRing([
      { masterKey: same, fromMs: 0, derivation: "dotnet" },
      { masterKey: same, fromMs: T, derivation: "sha256" },
    ]);
    expect(openingSecrets(mixed, channel)).toEqual([
      deriveChannelKey(same, channel, "sha256"),
      deriveChannelKey(same, channel, "dotnet"),
    ]);
  });

  test.each([
    ["no key", [], {}, "Invalid key ring: expected at least one key, got none"],
    [
      "a short key",
      [{ ...ringKey("a", 0), masterKey: new Uint8Array(31) }],
      {},
      "Invalid master key: expected 32 bytes, got 31",
    ],
    [
      "equal keys",
      [ringKey("a", 0), ringKey("a", 1)],
      {},
      "Invalid key ring: expected different random keys, got two equal ones",
    ],
    [
      "equal times",
      [ringKey("a", 5), ringKey("b", 5)],
      {},
      "Invalid key ring: expected different times, got two keys from 5 ms",
    ],
    [
      "no time",
      [ringKey("a", Number.NaN)],
      {},
      "Invalid time of a key: expected a whole number of milliseconds, got NaN",
    ],
    [
      "a negative rotation pause",
      [ringKey("a", 0)],
      { rotationPauseMs: -1 },
      "Invalid rotation pause: expected at least 0 ms, got -1 ms",
    ],
    [
      "a broken stagger",
      [ringKey("a", 0)],
      { staggerMs: 0.5 },
      "Invalid stagger: expected a whole number of milliseconds, got 0.5",
    ],
    [
      "an endless overlap",
      [ringKey("a", 0)],
      { overlapMs: Infinity },
      "Invalid overlap: expected a whole number of milliseconds, got Infinity",
    ],
  ])("refuses %s", (_, keys, timing, message) => {
    expect(() => createKeyRing(keys, timing)).toThrow(new RangeError(message));
  });

  test("holds its guarantees for any ring, channel and time", () => {
    const rings = fc.record({
      times: fc.uniqueArray(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 6 }),
      rotationPauseMs: fc.integer({ min: 0, max: 5_000 }),
      staggerMs: fc.integer({ min: 0, max: 20_000 }),
      overlapMs: fc.integer({ min: 5_000, max: 50_000 }),
    });
    const names = fc.constantFrom("private-encrypted-a", "private-encrypted-b", "private-encrypted-cache-c");
    fc.assert(
      fc.property(
        rings,
        names,
        fc.integer({ min: -10_000, max: 200_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (shape, name, now, random) => {
          const keys = shape.times.map((fromMs) => ringKey(`${fromMs}`, fromMs));
          const any = createKeyRing(keys, shape);
          const shuffled = createKeyRing([...keys.slice(1), ...keys.slice(0, 1)], shape);
          const sealing = publishingSecret(any, name, now);
          const { sharedSecret, secrets, refreshMs } = secretsForClient(any, name, now, random);
          expect(publishingSecret(shuffled, name, now)).toEqual(sealing);

          const allowed = keys
            .filter(({ fromMs }) => {
              const successor = Math.min(...shape.times.filter((time) => time > fromMs));
              return now < successor + rotationDelay(name, shape.staggerMs) + shape.overlapMs;
            })
            .map((key) => deriveChannelKey(key.masterKey, name));
          for (const secret of secrets) expect(allowed).toContainEqual(secret);
          expect(secrets[0]).toEqual(sharedSecret);
          expect(new Set(secrets.map(encodeBase64)).size).toBe(secrets.length);
          expect(secrets.length).toBeLessThanOrEqual(4);

          const from = publishableFrom(any, name, now);
          expect(from).toBeGreaterThanOrEqual(now);
          expect(from).toBeLessThanOrEqual(now + shape.rotationPauseMs);
          expect(refreshMs).toBeGreaterThanOrEqual(1_000);
          expect(nextRotation(any, name, now) ?? Infinity).toBeGreaterThan(now);
        },
      ),
    );
  });
});

function refresh(now: number, random: number): number {
  return secretsForClient(ring, channel, now, random).refreshMs;
}

/** How much later than others a channel rotates. */
function rotationDelay(name: string, staggerMs: number): number {
  return createHash("sha256").update(name).digest().readUInt32BE(0) % (staggerMs + 1);
}

describe("looksWeak", () => {
  test.each([
    ["printable text", new TextEncoder().encode("this is 32 bytes 123456789012345"), true],
    ["zeros", new Uint8Array(32), true],
    ["a repeated pair", Uint8Array.from({ length: 32 }, (_, index) => 0x80 + (index % 2)), true],
    ["random bytes", masterKey("random"), false],
  ])("%s: %s", (_, key, weak) => {
    expect(looksWeak(key)).toBe(weak);
  });
});

test.each<[string, number, boolean]>([
  ["the first 32 characters that can be printed", 0x20, true],
  ["the last 32 characters that can be printed", 0x5f, true],
  ["bytes below them", 0x00, false],
  ["bytes that begin as printable ones", 0x70, false],
])("a master key of %s: weak is %s, %s", (_, first, weak) => {
  expect(looksWeak(Uint8Array.from({ length: 32 }, (__, index) => first + index))).toBe(weak);
});

test("a master key with half as many different bytes as bytes is not called weak", () => {
  expect(looksWeak(Uint8Array.from({ length: 32 }, (_, index) => 0x80 + (index % 16)))).toBe(false);
  expect(looksWeak(Uint8Array.from({ length: 32 }, (_, index) => 0x80 + (index % 15)))).toBe(true);
});

test("the shared secret changes in the middle of the rotation pause, and clients know when", () => {
  const keys = [0, 10_000].map((fromMs, index) => ({
    masterKey: new Uint8Array(32).fill(index + 1),
    fromMs,
    derivation: "sha256" as const,
  }));
  const rotating = createKeyRing(keys, { rotationPauseMs: 2_000 });
  const at = (nowMs: number): ReturnType<typeof secretsForClient> => secretsForClient(rotating, "c", nowMs, 0);
  expect([0, 10_000, 10_999, 11_000].map((nowMs) => at(nowMs).switchMs)).toEqual([11_000, 1_000, 1, undefined]);
  expect(at(10_999).sharedSecret).toEqual(at(0).sharedSecret);
  expect(at(11_000).sharedSecret).not.toEqual(at(0).sharedSecret);
});
