import { TextEncoder as NodeTextEncoder } from "node:util";
import * as fc from "fast-check";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { decodeUtf8, encodeUtf8 } from "./utf8.ts";

const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function strictDecode(bytes: Uint8Array): string | undefined {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** As a polyfill of React Native: it knows neither option. */
function LenientDecoder(): never {
  throw new TypeError("The option fatal is not supported");
}

describe("UTF-8", () => {
  test.each([
    ["with TextDecoder", TextDecoder],
    ["without TextDecoder, as on React Native", undefined],
    ["with a replacement for it that cannot be strict", LenientDecoder],
  ])("agrees with the platform's strict decoder on any bytes, %s", (_, decoder) => {
    vi.stubGlobal("TextDecoder", decoder);
    onTestFinished(() => void vi.unstubAllGlobals());
    const anyBytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc
        .array(fc.constantFrom(0x00, 0x41, 0x80, 0xbf, 0xc2, 0xe0, 0xed, 0xa0, 0xef, 0xbb, 0xbd, 0xf0, 0x9f, 0xf4), {
          maxLength: 12,
        })
        .map((bytes) => Uint8Array.from(bytes)),
    );
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(decodeUtf8(bytes)).toBe(strictDecode(bytes));
      }),
      { numRuns: 2_000 },
    );
  });

  test("decodes what it encoded, byte order marks and U+FFFD included", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "é", "\uFEFF", "\uFFFD", "😀", "\u0000") }), (text) => {
        expect(decodeUtf8(encodeUtf8(text))).toBe(text);
      }),
    );
  });

  test("encodes without TextEncoder, which Jest with jsdom does not have, as with it", () => {
    vi.stubGlobal("TextEncoder", undefined);
    onTestFinished(() => void vi.unstubAllGlobals());
    const units = fc.constantFrom("a", "%", "é", "\uFEFF", "😀", "\u0000", "\ud800", "\udc00");
    const encoder = new NodeTextEncoder();
    fc.assert(
      fc.property(fc.string({ unit: units }), (text) => {
        expect([...encodeUtf8(text)]).toEqual([...encoder.encode(text)]);
      }),
    );
  });

  test("replaces a lone surrogate", () => {
    expect(encodeUtf8("a\ud800b")).toEqual(Uint8Array.of(0x61, 0xef, 0xbf, 0xbd, 0x62));
  });
});
