import { SealcastError } from "../sealcast-error.ts";

const defaultTimeoutMs = 30_000;

/**
 * Runs a `customHandler`, which may call back, return a promise of its answer, or do both.
 *
 * @param run starts the handler with a callback and gives what it returned.
 * @param timeoutMs how long to wait for either, in milliseconds; default 30,000.
 */
export async function runHandler<Answer>(
  run: (callback: (error: Error | null, answer: Answer | null) => void) => unknown,
  timeoutMs: number = defaultTimeoutMs,
): Promise<unknown> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise((resolve, reject: (reason: unknown) => void) => {
      timer = setTimeout(() => reject(new Error(`No answer within ${timeoutMs} ms`)), timeoutMs);
      const returned = run((error, answer) => (error ? reject(error) : resolve(answer)));
      // An async handler that calls back returns a promise of nothing.
      Promise.resolve(returned).then((answer) => answer !== undefined && resolve(answer), reject);
    });
  } catch (reason) {
    const { message, status } = reason as { readonly message?: string; readonly status?: number };
    throw new SealcastError("refused", message ?? String(reason), status);
  } finally {
    clearTimeout(timer);
  }
}
