import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { constantTimeEqual } from "./constant-time-equal.ts";

describe("constantTimeEqual", () => {
  test("agrees with comparing by value, for bytes and for text", () => {
    const alike = fc.string({ unit: fc.constantFrom("a", "b", "\uffff"), maxLength: 4 });
    fc.assert(
      fc.property(alike, alike, (a, b) => {
        expect(constantTimeEqual(a, b)).toBe(a === b);
      }),
    );
    const bytes = fc.array(fc.constantFrom(0, 1, 255), { maxLength: 4 }).map((values) => Uint8Array.from(values));
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(constantTimeEqual(a, b)).toBe(Buffer.from(a).equals(Buffer.from(b)));
      }),
    );
  });

  test.each([
    ["x", "", false],
    ["", "", true],
    ["same", "same", true],
    ["same", "sane", false],
  ])("%j, %j: %s", (a, b, equal) => {
    expect(constantTimeEqual(a, b)).toBe(equal);
  });
});
