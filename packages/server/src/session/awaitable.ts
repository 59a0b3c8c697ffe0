import type { Awaitable } from "../ports/engine.ts";

/**
 * Goes on with a value at once if it is there, else when it comes: what happens at once cannot be overtaken.
 *
 * @param failed what to do where the value does not come; without it, the answer fails the same way.
 */
export function whenReady<T, R>(
  value: Awaitable<T>,
  proceed: (value: T) => Awaitable<R>,
  failed?: (error: unknown) => Awaitable<R>,
): Awaitable<R> {
  return value instanceof Promise ? value.then(proceed, failed) : proceed(value);
}

/** Lets work go on that nobody waits for; a failure goes to `failed`, where it would else end the process. */
export function aside(work: Awaitable<unknown>, failed: (error: unknown) => void): void {
  if (work instanceof Promise) work.catch(failed);
}
