import { randomBytes } from "node:crypto";

/** Bytes of one masked text frame from a client (RFC 6455, 5.2), for messages of up to 65,535 bytes. */
export function clientFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  if (payload.length > 65_535)
    throw new RangeError(`Cannot frame ${payload.length} bytes: at most 65,535 are supported`);
  const head =
    payload.length < 126
      ? Buffer.from([0x81, 0x80 | payload.length])
      : Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 0xff]);
  const mask = randomBytes(4);
  for (let i = 0; i < payload.length; i += 1) payload[i] = (payload[i] ?? 0) ^ (mask[i % 4] ?? 0);
  return Buffer.concat([head, mask, payload]);
}

/** A masked ping without payload, which every WebSocket server answers with a pong. */
export const pingFrame: Buffer = Buffer.from([0x89, 0x80, 0, 0, 0, 0]);
