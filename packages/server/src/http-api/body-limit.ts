import { limits } from "@sealcast/protocol";

/** Length from which a body is handled in several turns of the event loop, in bytes. */
export const largeBodyBytes = 256 * 1_024;

/**
 * Returns the largest body of any valid request, in bytes: a full batch of the largest events, and room for names. JSON
 * escapes at most double the length of a text that is itself JSON. In other texts they may take six characters for one;
 * the minimum has room for that as long as events have the official size.
 */
export function maxBodyBytes(largestEventBytes: number): number {
  return Math.max(1_228_800, limits.eventsPerBatch * largestEventBytes * 2 + 64 * 1_024);
}
