import { createRequire } from "node:module";
import sodium, { ready } from "libsodium-wrappers";
import nacl from "tweetnacl";
import type { Cipher } from "../cipher.ts";
import { naclSecretbox } from "../ciphers/nacl-secretbox.ts";
import { xchacha20Poly1305 } from "../ciphers/xchacha20-poly1305.ts";

await ready;

/** The functions of sodium-native that tests use; the package has no types. */
interface SodiumNative {
  crypto_secretbox_easy(sealed: Uint8Array, plaintext: Uint8Array, nonce: Uint8Array, key: Uint8Array): void;
  crypto_secretbox_open_easy(plaintext: Uint8Array, sealed: Uint8Array, nonce: Uint8Array, key: Uint8Array): boolean;
  crypto_aead_xchacha20poly1305_ietf_encrypt(
    sealed: Uint8Array,
    plaintext: Uint8Array,
    associatedData: Uint8Array | null,
    secretNonce: null,
    nonce: Uint8Array,
    key: Uint8Array,
  ): number;
  crypto_aead_xchacha20poly1305_ietf_decrypt(
    plaintext: Uint8Array,
    secretNonce: null,
    sealed: Uint8Array,
    associatedData: Uint8Array | null,
    nonce: Uint8Array,
    key: Uint8Array,
  ): number;
}
const native = createRequire(import.meta.url)("sodium-native") as SodiumNative;

const lengths = { keyBytes: 32, nonceBytes: 24, tagBytes: 16 };

const secretbox: Readonly<Record<string, Cipher>> = {
  noble: naclSecretbox,
  tweetnacl: {
    ...lengths,
    seal: (key, nonce, plaintext) => nacl.secretbox(plaintext, nonce, key),
    open: (key, nonce, sealed) => nacl.secretbox.open(sealed, nonce, key) ?? undefined,
  },
  "libsodium-wrappers": {
    ...lengths,
    seal: (key, nonce, plaintext) => sodium.crypto_secretbox_easy(plaintext, nonce, key),
    open: (key, nonce, sealed) => orUndefined(() => sodium.crypto_secretbox_open_easy(sealed, nonce, key)),
  },
  "sodium-native": {
    ...lengths,
    seal: (key, nonce, plaintext) => {
      const sealed = new Uint8Array(plaintext.length + lengths.tagBytes);
      native.crypto_secretbox_easy(sealed, plaintext, nonce, key);
      return sealed;
    },
    open: (key, nonce, sealed) => {
      const plaintext = new Uint8Array(sealed.length - lengths.tagBytes);
      return native.crypto_secretbox_open_easy(plaintext, sealed, nonce, key) ? plaintext : undefined;
    },
  },
};

const xchacha: Readonly<Record<string, Cipher>> = {
  noble: xchacha20Poly1305,
  "libsodium-wrappers": {
    ...lengths,
    seal: (key, nonce, plaintext, associatedData = new Uint8Array(0)) =>
      sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, associatedData, null, nonce, key),
    open: (key, nonce, sealed, associatedData = new Uint8Array(0)) =>
      orUndefined(() => sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, associatedData, nonce, key)),
  },
  "sodium-native": {
    ...lengths,
    seal: (key, nonce, plaintext, associatedData) => {
      const sealed = new Uint8Array(plaintext.length + lengths.tagBytes);
      native.crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, plaintext, associatedData ?? null, null, nonce, key);
      return sealed;
    },
    open: (key, nonce, sealed, associatedData) => {
      const plaintext = new Uint8Array(sealed.length - lengths.tagBytes);
      return orUndefined(() => {
        native.crypto_aead_xchacha20poly1305_ietf_decrypt(plaintext, null, sealed, associatedData ?? null, nonce, key);
        return plaintext;
      });
    },
  },
};

/** The implementations of a cipher by name: ours, and those of other libraries to compare it with. */
export function testCiphers(cipher: "nacl-secretbox" | "xchacha20-poly1305"): [name: string, cipher: Cipher][] {
  return Object.entries(cipher === "nacl-secretbox" ? secretbox : xchacha);
}

function orUndefined(open: () => Uint8Array): Uint8Array | undefined {
  try {
    return open();
  } catch {
    return undefined;
  }
}
