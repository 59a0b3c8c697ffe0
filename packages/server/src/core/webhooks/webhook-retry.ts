const secondsBetweenAttempts = [1, 2, 4, 8, 16, 32, 64, 64, 64];
/** After this many milliseconds a delivery that still fails is given up. Source: Channels documentation. */
const giveUpAfterMs = 300_000;
const jitter = 0.2;

/**
 * Returns how long to wait before the next attempt, in milliseconds, or undefined to give up: about 1, 2, 4 … 64 seconds,
 * each up to a fifth shorter or longer, for five minutes in all.
 *
 * @param attempts attempts that failed; at least 1.
 * @param elapsedMs since the first attempt began.
 * @param chance from 0 to 1, for the jitter.
 */
export function retryDelayMs(attempts: number, elapsedMs: number, chance: number): number | undefined {
  const seconds = secondsBetweenAttempts[attempts - 1];
  if (seconds === undefined) return undefined;
  const delayMs = Math.round(seconds * 1_000 * (1 - jitter + 2 * jitter * chance));
  return elapsedMs + delayMs > giveUpAfterMs ? undefined : delayMs;
}
