import type { Awaitable } from "../ports/engine.ts";

/** Goes on with a value at once if it is there, else when it comes: what happens at once cannot be overtaken. */
export function whenReady<T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
