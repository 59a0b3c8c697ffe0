import { repeatableRequests } from "./connection-failure.ts";
import type { SealcastError } from "./sealcast-error.ts";

/** Timeout and retries of the calls of the HTTP API. */
export interface RetryPolicy {
  /** Longest time of one attempt, in milliseconds; undefined: no limit. */
  readonly timeoutMs: number | undefined;
  /** How often a call that is safe to repeat is repeated. */
  readonly retries: number;
  /** No attempt starts later than this after the first one, in milliseconds. */
  readonly retryWithinMs: number;
}

/** Outlasts a restart of the server of a few seconds. */
export const defaultRetries: Omit<RetryPolicy, "timeoutMs"> = { retries: 10, retryWithinMs: 10_000 };

/**
 * Returns whether a failed request may be sent again. An idempotent request may, after any failure that can pass. A
 * publish may only if the server cannot have accepted it: the connection was not established, or the status is 429 or
 * 503. Anything else could deliver an event twice.
 */
export function mayRepeat(request: { readonly idempotent: boolean }, error: SealcastError): boolean {
  if (request.idempotent) return error.retryable;
  if (error.code === "network") return repeatableRequests(error.cause) === "any";
  return error.status === 429 || error.status === 503;
}

/**
 * Returns how long to wait before the next attempt, in milliseconds: what the server asks for, at most 5 seconds;
 * otherwise 50 to 100, doubling up to 2 seconds.
 *
 * @param attempt number of the failed attempt, from 0.
 * @param retryAfter the header of that name, in seconds, if there is one.
 * @param random at least 0 and below 1.
 */
export function retryDelay(attempt: number, retryAfter: string | undefined, random: number): number {
  if (retryAfter !== undefined && /^\d+$/.test(retryAfter)) return Math.min(Number(retryAfter) * 1_000, 5_000);
  return Math.min(100 * 2 ** attempt, 2_000) * (0.5 + random / 2);
}
