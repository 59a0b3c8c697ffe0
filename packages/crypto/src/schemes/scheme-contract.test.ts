import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Scheme } from "../scheme.ts";
import { schemes } from "./index.ts";

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

describe.each(Object.entries(schemes))("scheme %s", (id, scheme: Scheme) => {
  const [key, nonce, plaintext] = [random(scheme.keyBytes), random(scheme.nonceBytes), random(100)];
  const sealed = scheme.seal(key, nonce, plaintext);

  test("has its id in the table, opens what it sealed and adds its tag", () => {
    expect(scheme.id).toBe(id);
    expect(scheme.open(key, nonce, sealed)).toEqual(plaintext);
    expect(sealed).toHaveLength(plaintext.length + scheme.tagBytes);
    expect(scheme.open(key, nonce, scheme.seal(key, nonce, new Uint8Array(0)))).toEqual(new Uint8Array(0));
  });

  test("opens nothing with another key or nonce, or out of truncated bytes", () => {
    expect(scheme.open(random(scheme.keyBytes), nonce, sealed)).toBeUndefined();
    expect(scheme.open(key, random(scheme.nonceBytes), sealed)).toBeUndefined();
    for (let length = 0; length < sealed.length; length += 1) {
      expect(scheme.open(key, nonce, sealed.subarray(0, length))).toBeUndefined();
    }
  });

  test("opens a replay: nothing in the bytes says when they were sealed", () => {
    expect(scheme.open(key, nonce, sealed)).toEqual(scheme.open(key, nonce, sealed));
  });

  test.each([-1, 1])("refuses a key or nonce of %i bytes more, naming lengths alone", (change) => {
    const wrongKey = random(scheme.keyBytes + change);
    const wrongNonce = random(scheme.nonceBytes + change);
    expect(() => scheme.seal(wrongKey, nonce, plaintext)).toThrow(
      new RangeError(`The key must be ${scheme.keyBytes} bytes, found ${scheme.keyBytes + change}`),
    );
    expect(() => scheme.open(wrongKey, nonce, sealed)).toThrow("must be");
    expect(() => scheme.seal(key, wrongNonce, plaintext)).toThrow("must be");
    expect(() => scheme.open(key, wrongNonce, sealed)).toThrow(
      new RangeError(`The nonce must be ${scheme.nonceBytes} bytes, found ${scheme.nonceBytes + change}`),
    );
  });

  test("covers associated data, or refuses any", () => {
    const data = random(10);
    const use = (): string => {
      try {
        const bound = scheme.seal(key, nonce, plaintext, data);
        const openedWith = scheme.open(key, nonce, bound, data);
        const openedWithout = scheme.open(key, nonce, bound);
        return openedWith !== undefined && openedWithout === undefined ? "covered" : "ignored";
      } catch (error) {
        return error instanceof RangeError ? "refused" : String(error);
      }
    };
    expect(use()).toBe(scheme.bindsAssociatedData ? "covered" : "refused");
  });
});
