import { SealcastError } from "../sealcast-error.ts";
import { fieldsOf, textOf } from "../untrusted.ts";
import { withTimeout } from "./with-timeout.ts";

const defaultTimeoutMs = 30_000;

/**
 * Runs a `customHandler`. It may call back, return a promise of its answer, or do both; any other value that it returns is
 * ignored.
 *
 * @param run starts the handler with a callback, and returns what the handler returned.
 * @param timeoutMs how long to wait for an answer, in milliseconds; default 30,000.
 * @throws {SealcastError} `refused`, whatever the handler throws or rejects with.
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
    const { message = reason, status } = fieldsOf(reason);
    const text = textOf(message) || "The handler rejected without a reason";
    throw new SealcastError("refused", text, typeof status === "number" ? status : undefined, reason);
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof fieldsOf(value)["then"] === "function";
}
