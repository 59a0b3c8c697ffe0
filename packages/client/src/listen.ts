import { checkListener } from "#checks";
import type { Emitter, EventName, Listener } from "./emitter.ts";

/** Options of calls that can be ended by a signal. */
export interface UntilAborted {
  /** Ends the call when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Binds `callback` to an event until `signal` aborts. Returns a function that removes this binding only, even if the same
 * callback is bound more than once.
 *
 * @throws {SealcastError} `invalid-argument` if `callback` is not a function; not in production builds.
 * @example
 * const stop = listen(client.connection, "state_change", ({ current }) => console.log(current));
 * stop();
 */
export function listen<Events extends object, Name extends EventName<Events>>(
  emitter: Emitter<Events>,
  event: Name,
  callback: Listener<Events, Name>,
  { signal }: UntilAborted = {},
): () => void {
  checkListener(event, callback);
  // A function of its own tells this binding from others of the same callback.
  const call = (...values: readonly unknown[]): unknown => Reflect.apply(callback as () => unknown, globalThis, values);
  const stop = (): void => {
    emitter.unbind(event, call);
    signal?.removeEventListener("abort", stop);
  };
  if (!signal?.aborted) emitter.bind(event, call as unknown as Listener<Events, Name>);
  signal?.addEventListener("abort", stop);
  return stop;
}
