/** How much a queue of webhooks keeps. */
export interface QueueBounds {
  /** Bytes of events that wait or are being delivered. */
  readonly maxBytes: number;
  readonly maxDeadLetters: number;
  /** Attempts that are kept for display. */
  readonly maxAttempts: number;
}

/** Source of the numbers: our choice. 64 MiB are about half a million events of an ordinary size. */
export const defaultQueueBounds: QueueBounds = { maxBytes: 67_108_864, maxDeadLetters: 10_000, maxAttempts: 10_000 };

/** Bytes of an encoded event. */
export function textBytes(text: string): number {
  return Buffer.byteLength(text);
}
