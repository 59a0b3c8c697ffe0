/**
 * Authenticated encryption of bytes with a symmetric key. A cipher is pure: the caller passes the key and the nonce, and
 * draws each nonce from a cryptographic generator.
 */
export interface Cipher {
  /** Length of a key, in bytes. */
  readonly keyBytes: number;
  /** Length of a nonce, in bytes. */
  readonly nonceBytes: number;
  /** How much longer the ciphertext is than the plaintext, in bytes. */
  readonly tagBytes: number;
  /**
   * Encrypts and authenticates a plaintext.
   *
   * @param nonce from a cryptographic generator, never used before with this key.
   * @param associatedData bytes that the tag also covers. Default: none.
   * @throws {RangeError} if the key or the nonce has another length, or the cipher cannot cover associated data.
   */
  seal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, associatedData?: Uint8Array): Uint8Array;
  /**
   * Decrypts what {@link Cipher.seal} returned. Returns undefined if the tag does not verify: another key, nonce or
   * associated data, or changed bytes.
   *
   * @throws {RangeError} if the key or the nonce has another length, or the cipher cannot cover associated data.
   */
  open(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, associatedData?: Uint8Array): Uint8Array | undefined;
}

/**
 * Checks the length of a key, a nonce or another part. Error messages contain lengths, never values.
 *
 * @throws {RangeError} if the length is not `expectedBytes`.
 */
export function checkLength(part: string, bytes: Uint8Array, expectedBytes: number): void {
  if (bytes.length !== expectedBytes) {
    throw new RangeError(`Invalid ${part}: expected ${expectedBytes} bytes, got ${bytes.length}`);
  }
}
