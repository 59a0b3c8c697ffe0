import { sealPayload } from "@sealcast/crypto";

const nonceBytes = 24;

/** Seals a value for an encrypted channel, as the object that client events carry. A missing value is sent as null. */
export function sealData(key: Uint8Array, data: unknown): unknown {
  const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes));
  return JSON.parse(sealPayload(key, nonce, JSON.stringify(data ?? null))) as unknown;
}
