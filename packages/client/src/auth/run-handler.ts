import { fieldsOf } from "../fields-of.ts";
import { SealcastError } from "../sealcast-error.ts";
import { withTimeout } from "./with-timeout.ts";

const defaultTimeoutMs = 30_000;

/**
 * Runs a `customHandler`, which may call back, return a promise of its answer, or do both; anything else that it returns
 * means nothing. Rejects with a {@link SealcastError} `refused`, whatever the handler gives for an error.
 *
 * @param run starts the handler with a callback and gives what it returned.
 * @param timeoutMs how long to wait for either, in milliseconds; default 30,000.
 */
export async function runHandler(
  run: (callback: (error: Error | null, answer: unknown) => void) => unknown,
  timeoutMs: number = defaultTimeoutMs,
): Promise<unknown> {
  const answer = new Promise((resolve, reject: (reason: unknown) => void) => {
    const returned = run((error, called) => (error ? reject(error) : resolve(called)));
    // An async handler that calls back returns a promise of nothing.
    if (isPromise(returned)) returned.then((value) => value !== undefined && resolve(value), reject);
  });
  try {
    return await withTimeout(answer, timeoutMs);
  } catch (reason) {
    const { message = String(reason), status } = reason as Partial<SealcastError>;
    throw new SealcastError("refused", message, status);
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof fieldsOf(value)["then"] === "function";
}
