import { constants, deflateRawSync } from "node:zlib";
import { frame } from "./text-frame.ts";

/** Below this, compression saves nothing worth its time. */
const minBytes = 256;
/** Above this, compressing in one go would block the event loop for several milliseconds. */
const maxBytes = 256 * 1_024;
/** A final text frame whose payload is compressed (RFC 7692, 6). */
const finalCompressedText = 0xc1;
/** Length of the end that every compressed message has and that frames omit (RFC 7692, 7.2.1). */
const tailBytes = 4;

/**
 * Returns a text as one WebSocket frame with a compressed payload. Without context takeover the same bytes fit every
 * connection. Returns `plain`, the uncompressed frame, for texts that are very short or very long.
 */
export function frameDeflated(text: string, plain: Uint8Array): Uint8Array {
  return plain.length < minBytes || plain.length > maxBytes ? plain : frame(finalCompressedText, deflate(text));
}

function deflate(text: string): Uint8Array {
  const options = { level: constants.Z_BEST_SPEED, finishFlush: constants.Z_SYNC_FLUSH };
  return deflateRawSync(text, options).subarray(0, -tailBytes);
}
