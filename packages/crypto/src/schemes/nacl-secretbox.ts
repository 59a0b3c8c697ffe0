import { xsalsa20poly1305 } from "@noble/ciphers/salsa.js";
import { checkLength, type Scheme } from "../scheme.ts";

const keyBytes = 32;
const nonceBytes = 24;
const tagBytes = 16;

/**
 * NaCl `crypto_secretbox`: XSalsa20-Poly1305, tag in front. The scheme of the official libraries on
 * `private-encrypted-` channels. Source: D. J. Bernstein, "Cryptography in NaCl", sections 9 and 10.
 */
export const naclSecretbox: Scheme & { readonly id: "nacl-secretbox" } = {
  id: "nacl-secretbox",
  keyBytes,
  nonceBytes,
  tagBytes,
  bindsAssociatedData: false,
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
      // With lengths already checked, the cipher throws for one reason: the tag is wrong.
      return undefined;
    }
  },
};

function check(key: Uint8Array, nonce: Uint8Array, associatedData: Uint8Array | undefined): void {
  checkLength("key", key, keyBytes);
  checkLength("nonce", nonce, nonceBytes);
  if (associatedData !== undefined) checkLength("associated data of nacl-secretbox", associatedData, 0);
}
