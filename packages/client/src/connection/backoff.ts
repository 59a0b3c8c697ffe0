const firstDelayMs = 1_000;
const longestDelayMs = 30_000;

/**
 * How long to wait before the next attempt to connect, in milliseconds: doubling from 1 s to 30 s, and spread by half
 * of that in both directions, so that the clients of a restarted server do not come back in the same second.
 *
 * @param failures attempts in a row that led to no lasting connection, from 0.
 * @param jitter a random number, at least 0 and below 1.
 */
export function reconnectDelayMs(failures: number, jitter: number): number {
  return Math.min(firstDelayMs * 2 ** failures, longestDelayMs) * (0.5 + jitter);
}
