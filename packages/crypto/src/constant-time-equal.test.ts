import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { constantTimeEqual } from "./constant-time-equal.ts";

describe("constantTimeEqual", () => {
  test("agrees with ===", () => {
    const alike = fc.string({ unit: fc.constantFrom("a", "b", "é"), maxLength: 4 });
    fc.assert(
      fc.property(alike, alike, (a, b) => {
        expect(constantTimeEqual(a, b)).toBe(a === b);
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
