import type { Emitter, EventName, Listener } from "./emitter.ts";

/** Settings of something that ends by itself. */
export interface UntilAborted {
  /** Ends it when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Binds `callback` to an event until `signal` aborts, and returns a function that unbinds this one binding. */
export function listen<Events extends object, Name extends EventName<Events>>(
  emitter: Emitter<Events>,
  event: Name,
  callback: Listener<Events, Name>,
  { signal }: UntilAborted = {},
): () => void {
  // A context of its own tells this binding from others of the same callback.
  const context = {};
  const stop = (): void => {
    emitter.unbind(event, callback, context);
    signal?.removeEventListener("abort", stop);
  };
  if (!signal?.aborted) emitter.bind(event, callback, context);
  signal?.addEventListener("abort", stop);
  return stop;
}
