import { constants, deflateRawSync } from "node:zlib";
import type { OutgoingMessage } from "../../../ports/transport.ts";
import { frame, frameText } from "./text-frame.ts";

/** Below this, compression saves nothing worth its time. */
const minBytes = 256;
/** Above this, compressing in one go would hold up the event loop for more than some milliseconds. */
const maxBytes = 256 * 1_024;
/** A final text frame whose payload is compressed (RFC 7692, 6). */
const finalCompressedText = 0xc1;
/** What every compressed message ends with, and what frames leave out (RFC 7692, 7.2.1). */
const tailBytes = 4;

const frames = new WeakMap<OutgoingMessage, Uint8Array>();

/**
 * The message as one WebSocket frame with a compressed payload, made once per message: without context takeover the same
 * bytes fit every connection. Messages that are very short or very long stay plain.
 */
export function frameDeflated(message: OutgoingMessage): Uint8Array {
  const plain = frameText(message);
  if (plain.length < minBytes || plain.length > maxBytes) return plain;
  let deflated = frames.get(message);
  if (deflated === undefined) {
    deflated = frame(finalCompressedText, deflate(message.text));
    frames.set(message, deflated);
  }
  return deflated;
}

function deflate(text: string): Uint8Array {
  const options = { level: constants.Z_BEST_SPEED, finishFlush: constants.Z_SYNC_FLUSH };
  return deflateRawSync(text, options).subarray(0, -tailBytes);
}
