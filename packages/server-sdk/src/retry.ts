import type { SealcastError } from "./sealcast-error.ts";

/**
 * Whether a failed request may be sent again. What is idempotent may, after any failure that can pass. A publish may only
 * where the server surely did not take it: it could not be reached, or said so with 429 or 503. Anything else could
 * deliver an event twice.
 */
export function mayRepeat(request: { readonly idempotent: boolean }, error: SealcastError): boolean {
  if (request.idempotent) return error.retryable;
  return error.status === 429 || error.status === 503 || (error.code === "network" && neverConnected(error.cause));
}

/**
 * How long to wait before the next attempt, in milliseconds: what the server asks for, at most 5 seconds, else from 50 to
 * 100, doubling up to 2 seconds.
 *
 * @param attempt number of the failed attempt, from 0.
 * @param retryAfter the header of that name, in seconds, where there is one.
 * @param random at least 0 and below 1.
 */
export function retryDelay(attempt: number, retryAfter: string | undefined, random: number): number {
  if (retryAfter !== undefined && /^\d+$/.test(retryAfter)) return Math.min(Number(retryAfter) * 1_000, 5_000);
  return Math.min(100 * 2 ** attempt, 2_000) * (0.5 + random / 2);
}

/** What Node.js and Bun call the failures that come before a connection stands. */
const codesBeforeConnection = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "ConnectionRefused",
  "FailedToOpenSocket",
]);

/** Looks for such a code in an error, in its causes, and in the errors that it collects. */
function neverConnected(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error && typeof error.code === "string" && codesBeforeConnection.has(error.code)) return true;
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(neverConnected);
  return neverConnected(error.cause);
}
