import type { OutgoingMessage } from "../../ports/transport.ts";

/** First byte of an unfragmented text message (RFC 6455, 5.2). */
const finalText = 0x81;

/** The message as one unmasked WebSocket text frame, made once per message. */
export function frameText(message: OutgoingMessage): Uint8Array {
  message.framed ??= encode(message.text);
  return message.framed;
}

function encode(text: string): Uint8Array {
  const length = Buffer.byteLength(text);
  if (length < 126) {
    const frame = Buffer.allocUnsafe(2 + length);
    frame[0] = finalText;
    frame[1] = length;
    frame.write(text, 2);
    return frame;
  }
  if (length < 65_536) {
    const frame = Buffer.allocUnsafe(4 + length);
    frame[0] = finalText;
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
    frame.write(text, 4);
    return frame;
  }
  const frame = Buffer.allocUnsafe(10 + length);
  frame[0] = finalText;
  frame[1] = 127;
  frame.writeBigUInt64BE(BigInt(length), 2);
  frame.write(text, 10);
  return frame;
}
