import type { Awaitable } from "../ports/engine.ts";

/** Goes on with a value at once if it is there, else when it comes: what happens at once cannot be overtaken. */
export function whenReady<T, R>(value: Awaitable<T>, proceed: (value: T) => Awaitable<R>): Awaitable<R> {
  return value instanceof Promise ? value.then(proceed) : proceed(value);
}
