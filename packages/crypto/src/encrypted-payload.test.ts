import { randomBytes } from "node:crypto";
import * as fc from "fast-check";
import { limits } from "@sealcast/protocol";
import { describe, expect, test } from "vitest";
import { openPayload, sealedLength, sealPayload } from "./encrypted-payload.ts";

const secret = new Uint8Array(randomBytes(32));
const otherSecret = new Uint8Array(randomBytes(32));
const nonce = (): Uint8Array => new Uint8Array(randomBytes(24));

describe("encrypted payload", () => {
  test("opens what was sealed, for any JSON value", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const data = sealPayload(secret, nonce(), text);
        expect(openPayload([otherSecret, secret], data)).toMatchObject({
          ok: true,
          secretIndex: 1,
          plaintext: { text, value: JSON.parse(text) as unknown },
        });
        expect(data).toHaveLength(sealedLength(Buffer.byteLength(text)));
      }),
    );
  });

  test("opens nothing after any single bit of nonce or ciphertext was flipped, or any end cut off", () => {
    const sealed = JSON.parse(sealPayload(secret, nonce(), '{"amount":100}')) as Record<string, string>;
    for (const part of ["nonce", "ciphertext"]) {
      const bytes = Buffer.from(sealed[part] ?? "", "base64");
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(openPayload([secret], { ...sealed, [part]: flipped.toString("base64") })).toMatchObject({
          reason: "auth-failed",
        });
      }
      for (let length = 0; length < bytes.length; length += 1) {
        const cut = bytes.subarray(0, length).toString("base64");
        expect(openPayload([secret], { ...sealed, [part]: cut }).ok).toBe(false);
      }
    }
  });

  test("answers any JSON, text or value, without throwing and without a value", () => {
    fc.assert(
      fc.property(fc.anything(), fc.json(), (value, text) => {
        expect(openPayload([secret], value).ok).toBe(false);
        expect(openPayload([secret], text).ok).toBe(false);
      }),
    );
  });

  test("looks at nothing that is longer than allowed", () => {
    const data = sealPayload(secret, nonce(), "a".repeat(100));
    expect(openPayload([secret], data, data.length).ok).toBe(true);
    expect(openPayload([secret], data, data.length - 1)).toEqual({ ok: false, reason: "malformed" });
    const padded = data.padStart(limits.eventDataBytesCeiling);
    expect(openPayload([secret], padded).ok).toBe(true);
    expect(openPayload([secret], ` ${padded}`).ok).toBe(false);
    const long = { nonce: "A".repeat(40), ciphertext: "A".repeat(40) };
    expect(openPayload([secret], long, 39)).toMatchObject({ reason: "malformed" });
  });

  test("says nothing about content or key when it refuses", () => {
    const hidden = "correct-horse-battery";
    for (const data of [
      hidden,
      JSON.stringify({ nonce: hidden, ciphertext: hidden }),
      sealPayload(otherSecret, nonce(), hidden),
    ]) {
      expect(JSON.stringify(openPayload([secret], data))).not.toContain("horse");
    }
  });

  test("does not change prototypes", () => {
    const data = sealPayload(secret, nonce(), '{"__proto__":{"polluted":true}}');
    expect(openPayload([secret], data).ok).toBe(true);
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain("polluted");
  });
});
