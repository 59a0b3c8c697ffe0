import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exceedsBytes, utf8Length } from "./utf8-length.ts";

const anyUtf16 = fc.string({ unit: fc.nat({ max: 0xffff }).map((unit) => String.fromCharCode(unit)) });

describe("length in UTF-8", () => {
  test.each([
    ["", 0],
    ["a", 1],
    ["\u007f", 1],
    ["\u0080", 2],
    ["\u07ff", 2],
    ["\u0800", 3],
    ["\uffff", 3],
    ["\u{1f600}", 4],
    ["\ud800", 3],
    ["\udc00", 3],
    ["\ud800a", 4],
    ["\udc00\ud800", 6],
  ])("%j: %i", (text, bytes) => {
    expect(utf8Length(text)).toBe(bytes);
  });

  test("is what an encoder makes of any text, lone surrogates included", () => {
    fc.assert(
      fc.property(fc.oneof(anyUtf16, fc.string({ unit: "binary" })), fc.constantFrom(1, 100), (part, times) => {
        const text = part.repeat(times);
        expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
      }),
    );
  });

  test("is compared with a limit without a mistake at its edges", () => {
    fc.assert(
      fc.property(anyUtf16, fc.nat({ max: 40 }), (text, maxBytes) => {
        expect(exceedsBytes(text, maxBytes)).toBe(utf8Length(text) > maxBytes);
      }),
    );
  });
});
