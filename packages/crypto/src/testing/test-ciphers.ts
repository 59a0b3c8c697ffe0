import sodium, { ready } from "libsodium-wrappers";
import nacl from "tweetnacl";
import type { Cipher } from "../cipher.ts";
import { naclSecretbox } from "../ciphers/nacl-secretbox.ts";
import { xchacha20Poly1305 } from "../ciphers/xchacha20-poly1305.ts";

await ready;

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
