import { equalBytes } from "@noble/ciphers/utils.js";
import { encodeUtf8 } from "./utf8.ts";

/**
 * Returns whether two texts are equal. The time depends only on their lengths, so that an attacker cannot guess a
 * signature character by character. Lengths are not secret.
 *
 * @example
 * const isGenuine = constantTimeEqual(signature, sign(secret, message));
 */
export function constantTimeEqual(a: string, b: string): boolean {
  return equalBytes(encodeUtf8(a), encodeUtf8(b));
}
