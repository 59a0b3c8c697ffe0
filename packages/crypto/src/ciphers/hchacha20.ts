import { hchacha } from "@noble/ciphers/chacha.js";
import { checkLength } from "../cipher.ts";

/** "expand 32-byte k" as four little-endian words. */
const sigma = Uint32Array.of(0x61707865, 0x3320646e, 0x79622d32, 0x6b206574);

/** The key and the nonce for ChaCha20, derived from the key and the nonce of XChaCha20. */
export interface ChaChaInput {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** 12 bytes. */
  readonly nonce: Uint8Array;
}

/**
 * Returns the key and the nonce with which ChaCha20-Poly1305 gives the result of XChaCha20-Poly1305, for platforms
 * that do not have XChaCha20-Poly1305. Source: draft-irtf-cfrg-xchacha-03, section 2.3.
 *
 * @param key 32 bytes.
 * @param nonce 24 bytes.
 * @throws {RangeError} if the key or the nonce has another length.
 */
export function chachaInput(key: Uint8Array, nonce: Uint8Array): ChaChaInput {
  checkLength("key", key, 32);
  checkLength("nonce", nonce, 24);
  const words = new Uint32Array(8);
  hchacha(sigma, wordsOf(key, 0, 8), wordsOf(nonce, 0, 4), words);
  const derived = new Uint8Array(32);
  const view = new DataView(derived.buffer);
  words.forEach((word, index) => view.setUint32(index * 4, word, true));
  const short = new Uint8Array(12);
  short.set(nonce.subarray(16), 4);
  return { key: derived, nonce: short };
}

function wordsOf(bytes: Uint8Array, from: number, count: number): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Uint32Array.from({ length: count }, (_, index) => view.getUint32(from + index * 4, true));
}
