import { xsalsa20poly1305 } from "@noble/ciphers/salsa.js";
import { checkLength, type Cipher } from "../cipher.ts";

const keyBytes = 32;
const nonceBytes = 24;
const tagBytes = 16;

/**
 * NaCl `crypto_secretbox`: XSalsa20-Poly1305 with the tag first. The official libraries use it on `private-encrypted-`
 * channels. It cannot cover associated data. Source: D. J. Bernstein, "Cryptography in NaCl", sections 9 and 10.
 *
 * @example
 * const ciphertext = naclSecretbox.seal(key, nonce, plaintext);
 * naclSecretbox.open(key, nonce, ciphertext); // the plaintext
 */
export const naclSecretbox: Cipher = {
  keyBytes,
  nonceBytes,
  tagBytes,
  seal(key, nonce, plaintext, associatedData) {
    check(key, nonce, associatedData);
    return xsalsa20poly1305(key, nonce).encrypt(plaintext);
  },
  open(key, nonce, sealed, associatedData) {
    check(key, nonce, associatedData);
    if (sealed.length < tagBytes) return undefined;
    try {
      return xsalsa20poly1305(key, nonce).decrypt(sealed);
    } catch {
      // All lengths are checked already, so the only reason to throw is a wrong tag.
      return undefined;
    }
  },
};

function check(key: Uint8Array, nonce: Uint8Array, associatedData: Uint8Array | undefined): void {
  checkLength("key", key, keyBytes);
  checkLength("nonce", nonce, nonceBytes);
  if (associatedData !== undefined) checkLength("associated data for nacl-secretbox", associatedData, 0);
}
