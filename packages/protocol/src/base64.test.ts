import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { base64ByteLength, isCanonicalBase64 } from "./base64.ts";

describe("canonical base64", () => {
  test.each([
    ["", true],
    ["AA==", true],
    ["AAA=", true],
    ["AAAA", true],
    ["+/+/", true],
    ["AB==", false],
    ["AAB=", false],
    ["AA", false],
    ["AAA", false],
    ["A===", false],
    ["====", false],
    ["=AAA", false],
    ["AA==AA==", false],
    ["AAAA\n", false],
    ["AA AA===", false],
    ["-_-_", false],
    ["AAÄA", false],
  ])("%j: %s", (text, canonical) => {
    expect(isCanonicalBase64(text)).toBe(canonical);
  });

  test("knows the one text of any bytes and how many bytes it stands for", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const text = Buffer.from(bytes).toString("base64");
        expect(isCanonicalBase64(text)).toBe(true);
        expect(base64ByteLength(text)).toBe(bytes.length);
      }),
    );
  });

  test("accepts a text exactly when decoding and encoding gives it back", () => {
    const base64Like = fc.string({ unit: fc.constantFrom(..."AQgwZz09+/=-_ ".split("")), maxLength: 12 });
    fc.assert(
      fc.property(fc.oneof(base64Like, fc.string()), (text) => {
        expect(isCanonicalBase64(text)).toBe(Buffer.from(text, "base64").toString("base64") === text);
      }),
      { numRuns: 1_000 },
    );
  });
});
