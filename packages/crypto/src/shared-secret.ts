import { decodeBase64 } from "./base64.ts";
import { keyLengthBytes } from "./channel-key.ts";

/**
 * Reads `shared_secret` of an authorization response: base64 of 32 bytes, 44 characters, or 43 where the padding is
 * missing, as the official Java library sends it. Undefined for anything else.
 */
export function parseSharedSecret(value: unknown): Uint8Array | undefined {
  if (typeof value !== "string" || value.length < 43 || value.length > 44) return undefined;
  const bytes = decodeBase64(value.padEnd(44, "="));
  return bytes?.length === keyLengthBytes ? bytes : undefined;
}
