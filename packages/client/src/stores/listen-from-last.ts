import type { Emitter, EventName, Listener } from "../emitter.ts";
import { listen } from "../listen.ts";

/** The last event of a cache channel. */
interface LastEvent {
  readonly event: string;
  readonly data: unknown;
}

/**
 * Calls `callback` for each event of an emitter. On a cache channel whose last event is such an event, it is called with
 * that first.
 *
 * @param seen keeps the last event that the callback has received: it is not passed twice.
 * @returns a function that stops it.
 */
export function listenFromLast<Events extends object, Name extends EventName<Events>>(
  source: Emitter<Events>,
  event: Name,
  callback: Listener<Events, Name>,
  seen: { current?: LastEvent | undefined } = {},
): () => void {
  const cache = source as { readonly lastEvent?: LastEvent | undefined };
  const call = (...values: readonly unknown[]): void => {
    seen.current = cache.lastEvent;
    Reflect.apply(callback as () => unknown, undefined, values);
  };
  const { lastEvent } = cache;
  if (lastEvent?.event === event && lastEvent !== seen.current) call(lastEvent.data, {});
  return listen(source, event, call as unknown as Listener<Events, Name>);
}
