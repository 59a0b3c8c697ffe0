import { listen, type Emitter, type EventName, type Listener } from "@sealcast/client";
import { useRef } from "react";
import { useSyncEffect } from "./use-sync-effect.ts";

/** What a cache channel has: the latest event. */
interface Cache {
  readonly lastEvent?: { readonly event: string; readonly data: unknown } | undefined;
}

/**
 * Calls `callback` for each event of a channel, of the connection or of the user. The callback can be a new function in
 * each rendering: the latest one is called. On a cache channel that is already subscribed, it is called with the last event
 * when the component mounts.
 *
 * @param source the emitter of the event; undefined: none, for now.
 * @example
 * useEvent(useChannel("cache-price"), "changed", ({ price }) => setPrice(price));
 */
export function useEvent<Events extends object, Name extends EventName<Events>>(
  source: Emitter<Events> | undefined,
  event: Name,
  callback: Listener<Events, Name>,
): void {
  const latest = useRef(callback);
  /** The last event that the callback received: strict mode mounts a component twice. */
  const received = useRef<Cache["lastEvent"]>(undefined);
  useSyncEffect(() => {
    latest.current = callback;
  });
  useSyncEffect(() => {
    if (!source) return undefined;
    const cache = source as Cache;
    const call = (...values: readonly unknown[]): void => {
      received.current = cache.lastEvent;
      Reflect.apply(latest.current, undefined, values);
    };
    const { lastEvent } = cache;
    if (lastEvent?.event === event && lastEvent !== received.current) call(lastEvent.data, {});
    return listen(source, event, call as Listener<Events, Name>);
  }, [source, event]);
}
