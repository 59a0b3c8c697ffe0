import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import * as fc from "fast-check";
import sodiumWasm, { ready as sodiumWasmReady } from "libsodium-wrappers";
import nacl from "tweetnacl";
import { beforeAll, describe, expect, test } from "vitest";
import { naclSecretbox } from "./nacl-secretbox.ts";

/** The two functions used here; the package has no types. */
interface SodiumNative {
  crypto_secretbox_easy(sealed: Uint8Array, plaintext: Uint8Array, nonce: Uint8Array, key: Uint8Array): void;
  crypto_secretbox_open_easy(plaintext: Uint8Array, sealed: Uint8Array, nonce: Uint8Array, key: Uint8Array): boolean;
}
const sodiumNative = createRequire(import.meta.url)("sodium-native") as SodiumNative;

interface Library {
  readonly name: string;
  seal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array;
  open(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
}

const libraries: readonly Library[] = [
  {
    name: "tweetnacl",
    seal: (key, nonce, plaintext) => nacl.secretbox(plaintext, nonce, key),
    open: (key, nonce, sealed) => nacl.secretbox.open(sealed, nonce, key) ?? undefined,
  },
  {
    name: "libsodium-wrappers",
    seal: (key, nonce, plaintext) => sodiumWasm.crypto_secretbox_easy(plaintext, nonce, key),
    open: (key, nonce, sealed) => {
      try {
        return sodiumWasm.crypto_secretbox_open_easy(sealed, nonce, key);
      } catch {
        return undefined;
      }
    },
  },
  {
    name: "sodium-native",
    seal: (key, nonce, plaintext) => {
      const sealed = new Uint8Array(plaintext.length + 16);
      sodiumNative.crypto_secretbox_easy(sealed, plaintext, nonce, key);
      return sealed;
    },
    open: (key, nonce, sealed) => {
      const plaintext = new Uint8Array(sealed.length - 16);
      return sodiumNative.crypto_secretbox_open_easy(plaintext, sealed, nonce, key) ? plaintext : undefined;
    },
  },
];

const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });

describe.each(libraries)("nacl-secretbox and $name", (library) => {
  beforeAll(() => sodiumWasmReady);

  test("seal the same bytes and open each other's", () => {
    fc.assert(
      fc.property(bytes(32), bytes(24), fc.uint8Array({ maxLength: 400 }), (key, nonce, plaintext) => {
        const sealed = naclSecretbox.seal(key, nonce, plaintext);
        expect(Buffer.from(library.seal(key, nonce, plaintext)).equals(sealed)).toBe(true);
        expect(naclSecretbox.open(key, nonce, library.seal(key, nonce, plaintext))).toEqual(plaintext);
        expect(Buffer.from(library.open(key, nonce, sealed) ?? [1]).equals(plaintext)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test("refuse the same changed bytes", () => {
    const [key, nonce] = [new Uint8Array(randomBytes(32)), new Uint8Array(randomBytes(24))];
    const sealed = naclSecretbox.seal(key, nonce, new Uint8Array(randomBytes(70)));
    fc.assert(
      fc.property(fc.nat({ max: sealed.length - 1 }), fc.integer({ min: 1, max: 255 }), (index, change) => {
        const changed = Uint8Array.from(sealed, (byte, at) => (at === index ? byte ^ change : byte));
        expect(naclSecretbox.open(key, nonce, changed)).toBeUndefined();
        expect(library.open(key, nonce, changed)).toBeUndefined();
      }),
    );
  });
});
