import { createRequire } from "node:module";
import type { Cipher } from "@sealcast/crypto";

/** The functions of the package `sodium-native` that are used here; the package has no types. */
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

const lengths = { keyBytes: 32, nonceBytes: 24, tagBytes: 16 };

/** Returns the ciphers of `sodium-native`, or undefined if the app has not installed that package. */
export function loadSodium(): { readonly secretbox: Cipher; readonly xchacha: Cipher } | undefined {
  try {
    const file = typeof __filename === "string" ? __filename : import.meta.url;
    return ciphersOf(createRequire(file)("sodium-native") as SodiumNative);
  } catch {
    // The package is not installed, or has no binary for this platform.
    return undefined;
  }
}

function ciphersOf(sodium: SodiumNative): { readonly secretbox: Cipher; readonly xchacha: Cipher } {
  return {
    secretbox: {
      ...lengths,
      seal(key, nonce, plaintext) {
        const sealed = new Uint8Array(plaintext.length + lengths.tagBytes);
        sodium.crypto_secretbox_easy(sealed, plaintext, nonce, key);
        return sealed;
      },
      open(key, nonce, sealed) {
        if (sealed.length < lengths.tagBytes) return undefined;
        const plaintext = new Uint8Array(sealed.length - lengths.tagBytes);
        return sodium.crypto_secretbox_open_easy(plaintext, sealed, nonce, key) ? plaintext : undefined;
      },
    },
    xchacha: {
      ...lengths,
      seal(key, nonce, plaintext, associatedData) {
        const sealed = new Uint8Array(plaintext.length + lengths.tagBytes);
        sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, plaintext, associatedData ?? null, null, nonce, key);
        return sealed;
      },
      open(key, nonce, sealed, associatedData) {
        if (sealed.length < lengths.tagBytes) return undefined;
        const plaintext = new Uint8Array(sealed.length - lengths.tagBytes);
        try {
          sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
            plaintext,
            null,
            sealed,
            associatedData ?? null,
            nonce,
            key,
          );
          return plaintext;
        } catch {
          return undefined;
        }
      },
    },
  };
}
