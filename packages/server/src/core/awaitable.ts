/** A value now, or later: an engine in this process answers at once, one that asks another process later. */
export type Awaitable<T> = T | Promise<T>;

/**
 * Like `then`, but synchronous for plain values, so that nothing overtakes what is already there.
 *
 * @param failed called with the error of a rejected promise; without it, the result rejects with the same error.
 */
export function andThen<T, R>(
  value: Awaitable<T>,
  proceed: (value: T) => Awaitable<R>,
  failed?: (error: unknown) => Awaitable<R>,
): Awaitable<R> {
  return value instanceof Promise ? value.then(proceed, failed) : proceed(value);
}

/** Passes a promise to `later`, and ignores a plain value. */
export function ifLater<T>(value: Awaitable<T>, later: (promise: Promise<T>) => void): void {
  if (value instanceof Promise) later(value);
}

/** Runs work in the background; errors go to `failed` instead of becoming unhandled rejections. */
export function inBackground(work: Awaitable<unknown>, failed: (error: unknown) => void): void {
  ifLater(work, (promise) => void promise.catch(failed));
}
