/**
 * A way to seal bytes with a symmetric key. A scheme is pure: key and nonce come in, and the caller draws the nonce from
 * a cryptographic generator, fresh for every seal.
 */
export interface Scheme {
  readonly id: string;
  readonly keyBytes: number;
  readonly nonceBytes: number;
  /** How many bytes a sealed text is longer than its plaintext. */
  readonly tagBytes: number;
  /** Whether the tag also covers `associatedData`; a scheme without it refuses any that is not empty. */
  readonly bindsAssociatedData: boolean;
  /** Seals a plaintext. A key or nonce of another length is a `RangeError`. */
  seal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, associatedData?: Uint8Array): Uint8Array;
  /**
   * Opens what {@link Scheme.seal} made, or gives undefined where the tag does not verify: another key, another nonce,
   * other associated data, or bytes that were changed. A key or nonce of another length is a `RangeError`.
   */
  open(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, associatedData?: Uint8Array): Uint8Array | undefined;
}

/** Throws a `RangeError` that names the part and its length, never its value. */
export function checkLength(part: string, bytes: Uint8Array, wantedBytes: number): void {
  if (bytes.length !== wantedBytes) {
    throw new RangeError(`The ${part} must be ${wantedBytes} bytes, found ${bytes.length}`);
  }
}
