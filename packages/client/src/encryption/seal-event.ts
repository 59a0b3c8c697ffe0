import { sealPayload } from "@sealcast/crypto";
import type { SealingContext } from "../channels/event-decryptor.ts";
import { randomBytes } from "../random-bytes.ts";

const nonceBytes = 24;

/**
 * Encrypts the data of a client event. Returns the object that the event carries. A missing value is sent as null.
 *
 * @throws {SealcastError} `unsupported` on a platform without `crypto.getRandomValues`.
 */
export function sealEvent(_context: SealingContext, key: Uint8Array, data: unknown): unknown {
  return JSON.parse(sealPayload(key, randomBytes(nonceBytes), JSON.stringify(data ?? null))) as unknown;
}
