import { randomBytes } from "node:crypto";
import type { Cipher } from "@sealcast/crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as portable from "../ciphers.ts";
import * as native from "./ciphers.ts";
import { loadSodium } from "./sodium.ts";

const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const sodium = loadSodium();

const rows: [name: string, cipher: Cipher | undefined, reference: Cipher, hasData: boolean][] = [
  ["xchacha of OpenSSL", native.opensslXchacha, portable.xchacha, true],
  ["xchacha of sodium-native", sodium?.xchacha, portable.xchacha, true],
  ["secretbox of sodium-native", sodium?.secretbox, portable.secretbox, false],
];

describe.each(rows)("%s", (_, cipher = portable.xchacha, reference, hasData) => {
  test("seals and opens like the portable cipher, and refuses the same changes", () => {
    const data = hasData ? fc.uint8Array({ maxLength: 90 }) : fc.constant(undefined);
    fc.assert(
      fc.property(
        bytes(32),
        bytes(24),
        fc.uint8Array({ maxLength: 1_200, size: "max" }),
        data,
        fc.nat(),
        (key, nonce, text, aad, at) => {
          const sealed = cipher.seal(key, nonce, text, aad);
          expect(sealed).toEqual(reference.seal(key, nonce, text, aad));
          expect(cipher.open(key, nonce, sealed, aad)).toEqual(text);
          const changed = sealed.map((byte, index) => (index === at % sealed.length ? byte ^ 1 : byte));
          expect(cipher.open(key, nonce, changed, aad)).toBeUndefined();
          expect(cipher.open(key, nonce, sealed.subarray(0, 15), aad)).toBeUndefined();
        },
      ),
      { numRuns: 200 },
    );
  });
});

test("sodium-native is used if it is installed, as it is here", () => {
  expect([native.secretbox, native.xchacha]).toEqual(
    [sodium?.secretbox, sodium?.xchacha].map(() => expect.anything() as Cipher),
  );
  expect(sodium).toBeDefined();
  expect(native.secretbox).not.toBe(portable.secretbox);
});

test("signatures are those of the portable implementation", () => {
  for (let run = 0; run < 10; run += 1) {
    const [secret, message] = [new Uint8Array(randomBytes(32)), new Uint8Array(randomBytes(run * 10))];
    const [ours, theirs] = [native.createSigner(secret), portable.createSigner(secret)];
    expect([ours.id, ours.publicKey, ours.sign(message)]).toEqual([theirs.id, theirs.publicKey, theirs.sign(message)]);
  }
  expect(() => native.createSigner(new Uint8Array(31))).toThrow("expected 32 bytes, got 31");
});
