import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Cipher } from "../cipher.ts";
import { naclSecretbox } from "./nacl-secretbox.ts";
import { xchacha20Poly1305 } from "./xchacha20-poly1305.ts";

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

const ciphers: Readonly<Record<string, Cipher>> = { naclSecretbox, xchacha20Poly1305 };

describe.each(Object.entries(ciphers))("%s", (_, cipher) => {
  const [key, nonce, plaintext] = [random(cipher.keyBytes), random(cipher.nonceBytes), random(100)];
  const sealed = cipher.seal(key, nonce, plaintext);

  test("opens what it sealed, and adds a tag", () => {
    expect(cipher.open(key, nonce, sealed)).toEqual(plaintext);
    expect(sealed).toHaveLength(plaintext.length + cipher.tagBytes);
    expect(cipher.open(key, nonce, cipher.seal(key, nonce, new Uint8Array(0)))).toEqual(new Uint8Array(0));
  });

  test("opens nothing with another key or nonce, and no truncated bytes", () => {
    expect(cipher.open(random(cipher.keyBytes), nonce, sealed)).toBeUndefined();
    expect(cipher.open(key, random(cipher.nonceBytes), sealed)).toBeUndefined();
    for (let length = 0; length < sealed.length; length += 1) {
      expect(cipher.open(key, nonce, sealed.subarray(0, length))).toBeUndefined();
    }
  });

  test("opens a replay: the bytes do not contain when they were sealed", () => {
    expect(cipher.open(key, nonce, sealed)).toEqual(cipher.open(key, nonce, sealed));
  });

  test.each([-1, 1])("refuses a key or nonce with %i more bytes, and names only lengths", (change) => {
    const wrongKey = random(cipher.keyBytes + change);
    const wrongNonce = random(cipher.nonceBytes + change);
    expect(() => cipher.seal(wrongKey, nonce, plaintext)).toThrow(
      new RangeError(`Invalid key: expected ${cipher.keyBytes} bytes, got ${cipher.keyBytes + change}`),
    );
    expect(() => cipher.open(wrongKey, nonce, sealed)).toThrow("Invalid");
    expect(() => cipher.seal(key, wrongNonce, plaintext)).toThrow("Invalid");
    expect(() => cipher.open(key, wrongNonce, sealed)).toThrow(
      new RangeError(`Invalid nonce: expected ${cipher.nonceBytes} bytes, got ${cipher.nonceBytes + change}`),
    );
  });

  test("covers associated data, or refuses it", () => {
    const data = random(10);
    const use = (): string => {
      try {
        const bound = cipher.seal(key, nonce, plaintext, data);
        const openedWith = cipher.open(key, nonce, bound, data);
        const openedWithout = cipher.open(key, nonce, bound);
        return openedWith !== undefined && openedWithout === undefined ? "covered" : "ignored";
      } catch (error) {
        return error instanceof RangeError ? "refused" : String(error);
      }
    };
    expect(["covered", "refused"]).toContain(use());
  });
});
