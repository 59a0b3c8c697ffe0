import { describe, expect, test } from "vitest";
import { createSecretRing, type SecretRing } from "./secret-ring.ts";

const hour = 3_600_000;
const parse = (text: string): Uint8Array | undefined => (text === "?" ? undefined : Uint8Array.of(text.charCodeAt(0)));

/** The keys to try, as one text. */
const keys = (ring: SecretRing, nowMs = 0): string =>
  ring
    .secrets(nowMs)
    .map((secret) => String.fromCharCode(...secret))
    .join("");

/** A ring that received these keys one request after the other, all at once. */
function ringOf(...fetches: readonly string[]): SecretRing {
  const ring = createSecretRing(parse);
  for (const fetched of fetches) ring.add(Array.from(fetched), 0);
  return ring;
}

describe("[C1] [C2] keys", () => {
  test.each([
    [["a"], "a"],
    [["a", "b"], "ba"],
    [["a", "b", "a"], "ab"],
    [["ab"], "ab"],
    [["ab", "c"], "cab"],
    [["a", "b", "c", "d", "e"], "edcb"],
    [["abcdef"], "abcd"],
    [["aa"], "a"],
    [["a?"], "a"],
    [["a", "?"], "a"],
  ])("fetched as %j are tried in the order %s", (fetches, order) => {
    expect(keys(ringOf(...fetches))).toBe(order);
  });

  test("are new, or not", () => {
    const ring = ringOf("a");
    expect(ring.add(["a"], 0)).toBe(false);
    expect(ring.add(["b"], 0)).toBe(true);
    expect(ring.add(["a"], 0)).toBe(false);
    expect(ring.add(["?"], 0)).toBe(false);
    expect(ring.add([], 0)).toBe(false);
  });

  test("are kept for an hour after they were handed out last", () => {
    const ring = ringOf("a");
    ring.add(["b"], 10 * hour);
    expect(keys(ring, 11 * hour - 1)).toBe("ba");
    expect(keys(ring, 11 * hour)).toBe("b");
  });

  test("that come back after a roll-back stay", () => {
    const ring = ringOf("a", "b");
    ring.add(["a"], hour / 2);
    expect(keys(ring, hour)).toBe("ab");
    expect(keys(ring, 1.5 * hour)).toBe("a");
  });

  test("are wiped from memory when they are forgotten", () => {
    const ring = ringOf("a");
    const [secret] = ring.secrets(0);
    ring.clear();
    expect([...(secret ?? [])]).toEqual([0]);
    expect(keys(ring)).toBe("");
  });
});
