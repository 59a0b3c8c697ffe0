const firstDelayMs = 1_000;
const longestDelayMs = 30_000;

/**
 * Returns how long to wait before the next attempt to connect, in milliseconds: 1 s, doubled up to 30 s, and spread at random
 * by up to half of that in both directions, so that the clients of a restarted server do not reconnect in the same second.
 *
 * @param failures consecutive attempts without a lasting connection, from 0.
 * @param jitter a random number, at least 0 and below 1.
 */
export function reconnectDelayMs(failures: number, jitter: number): number {
  return Math.min(firstDelayMs * 2 ** failures, longestDelayMs) * (0.5 + jitter);
}
