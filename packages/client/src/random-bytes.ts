import { SealcastError } from "./sealcast-error.ts";

/**
 * Returns random bytes of the platform.
 *
 * @throws {SealcastError} `unsupported` on a platform without `crypto.getRandomValues`, such as a bare React Native.
 */
export function randomBytes(length: number): Uint8Array {
  const { crypto } = globalThis as { readonly crypto?: Partial<Crypto> };
  if (crypto?.getRandomValues) return globalThis.crypto.getRandomValues(new Uint8Array(length));
  throw new SealcastError(
    "unsupported",
    "This platform has no crypto.getRandomValues: on React Native, install react-native-get-random-values",
  );
}
