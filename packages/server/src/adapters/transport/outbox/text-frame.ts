/** First byte of an unfragmented text message (RFC 6455, 5.2). */
const finalText = 0x81;
const maxShortLength = 125;
const max16BitLength = 0xffff;

/** Returns a text as one unmasked WebSocket text frame. One allocation holds header and text, without a copy in between. */
export function frameText(text: string): Uint8Array {
  const length = Buffer.byteLength(text);
  const whole = withHeader(finalText, length);
  whole.write(text, whole.length - length);
  return whole;
}

/** Returns an unmasked frame with a payload. */
export function frame(firstByte: number, payload: Uint8Array): Uint8Array {
  const whole = withHeader(firstByte, payload.length);
  whole.set(payload, whole.length - payload.length);
  return whole;
}

function withHeader(firstByte: number, length: number): Buffer {
  if (length <= maxShortLength) {
    const whole = Buffer.allocUnsafe(2 + length);
    whole[1] = length;
    whole[0] = firstByte;
    return whole;
  }
  if (length <= max16BitLength) {
    const whole = Buffer.allocUnsafe(4 + length);
    whole[1] = 126;
    whole.writeUInt16BE(length, 2);
    whole[0] = firstByte;
    return whole;
  }
  const whole = Buffer.allocUnsafe(10 + length);
  whole[1] = 127;
  whole.writeBigUInt64BE(BigInt(length), 2);
  whole[0] = firstByte;
  return whole;
}
