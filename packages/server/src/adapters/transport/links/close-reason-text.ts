/** A control frame has room for 125 bytes, two of which are the code (RFC 6455, 5.5). */
const maxReasonBytes = 123;

/** The longest start of a close reason that fits in a close frame. */
export function closeText(reason: string): string {
  if (Buffer.byteLength(reason) <= maxReasonBytes) return reason;
  const { read } = new TextEncoder().encodeInto(reason, new Uint8Array(maxReasonBytes));
  return reason.slice(0, read);
}
