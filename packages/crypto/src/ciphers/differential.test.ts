import { randomBytes } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Cipher } from "../cipher.ts";
import { testCiphers } from "../testing/test-ciphers.ts";
import { naclSecretbox } from "./nacl-secretbox.ts";
import { xchacha20Poly1305 } from "./xchacha20-poly1305.ts";

const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });

const comparisons: [name: string, ours: Cipher, other: Cipher, bindsData: boolean][] = [
  ...testCiphers("nacl-secretbox").map(([name, other]): (typeof comparisons)[number] => [
    `nacl-secretbox and ${name}`,
    naclSecretbox,
    other,
    false,
  ]),
  ...testCiphers("xchacha20-poly1305").map(([name, other]): (typeof comparisons)[number] => [
    `xchacha20-poly1305 and ${name}`,
    xchacha20Poly1305,
    other,
    true,
  ]),
];

describe.each(comparisons)("%s", (_, ours, other, bindsData) => {
  test("seal the same bytes and open each other's", () => {
    const data = bindsData ? fc.uint8Array({ maxLength: 80 }) : fc.constant(undefined);
    fc.assert(
      fc.property(
        bytes(32),
        bytes(24),
        fc.uint8Array({ maxLength: 400 }),
        data,
        (key, nonce, plaintext, associated) => {
          const sealed = ours.seal(key, nonce, plaintext, associated);
          expect(Buffer.from(other.seal(key, nonce, plaintext, associated)).equals(sealed)).toBe(true);
          expect(ours.open(key, nonce, other.seal(key, nonce, plaintext, associated), associated)).toEqual(plaintext);
          expect(Buffer.from(other.open(key, nonce, sealed, associated) ?? [1]).equals(plaintext)).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("refuse the same changed bytes", () => {
    const [key, nonce] = [new Uint8Array(randomBytes(32)), new Uint8Array(randomBytes(24))];
    const sealed = ours.seal(key, nonce, new Uint8Array(randomBytes(70)));
    fc.assert(
      fc.property(fc.nat({ max: sealed.length - 1 }), fc.integer({ min: 1, max: 255 }), (index, change) => {
        const changed = Uint8Array.from(sealed, (byte, at) => (at === index ? byte ^ change : byte));
        expect(ours.open(key, nonce, changed)).toBeUndefined();
        expect(other.open(key, nonce, changed)).toBeUndefined();
      }),
    );
  });
});
