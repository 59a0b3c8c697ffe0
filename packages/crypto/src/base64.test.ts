import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBase64, encodeBase64 } from "./base64.ts";

describe("base64", () => {
  test("agrees with Node.js for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = Buffer.from(bytes).toString("base64");
        expect(encodeBase64(bytes)).toBe(text);
        expect(decodeBase64(text)).toEqual(bytes);
      }),
    );
  });

  test("reads a text only if writing the bytes gives the same text", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9+/=_ -]{0,12}$/), (text) => {
        const bytes = decodeBase64(text);
        const canonical = Buffer.from(text, "base64").toString("base64") === text;
        expect(bytes && encodeBase64(bytes)).toBe(canonical ? text : undefined);
      }),
    );
  });

  test.each(["AA", "AA=", "AB==", "AAB=", "A===", "AA==\n", " AA=", "AA_-", "é===", "AAAA="])("refuses %j", (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });
});
