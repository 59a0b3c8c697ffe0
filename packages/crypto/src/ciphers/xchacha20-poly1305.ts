import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { checkLength, type Cipher } from "../cipher.ts";

const keyBytes = 32;
const nonceBytes = 24;
const tagBytes = 16;

/**
 * XChaCha20-Poly1305 with the tag last, as libsodium's `crypto_aead_xchacha20poly1305_ietf`. Sealed channels use it: its
 * nonce is long enough to be random for every event. Source: draft-irtf-cfrg-xchacha-03 and RFC 8439.
 */
export const xchacha20Poly1305: Cipher = {
  keyBytes,
  nonceBytes,
  tagBytes,
  seal(key, nonce, plaintext, associatedData) {
    check(key, nonce);
    return xchacha20poly1305(key, nonce, associatedData).encrypt(plaintext);
  },
  open(key, nonce, sealed, associatedData) {
    check(key, nonce);
    if (sealed.length < tagBytes) return undefined;
    try {
      return xchacha20poly1305(key, nonce, associatedData).decrypt(sealed);
    } catch {
      // All lengths are checked already, so the only reason to throw is a wrong tag.
      return undefined;
    }
  },
};

function check(key: Uint8Array, nonce: Uint8Array): void {
  checkLength("key", key, keyBytes);
  checkLength("nonce", nonce, nonceBytes);
}
