import type { Emitter, EventName, Listener } from "@sealcast/client";
import { listenFromLast } from "@sealcast/client/stores";
import { useRef } from "react";
import { useSyncEffect } from "./use-sync-effect.ts";

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
  /** What the callback received last: strict mode mounts a component twice. */
  const seen = useRef(undefined);
  useSyncEffect(() => {
    latest.current = callback;
  });
  useSyncEffect(() => {
    if (!source) return undefined;
    const call = (...values: readonly unknown[]): unknown => Reflect.apply(latest.current, undefined, values);
    return listenFromLast(source, event, call as Listener<Events, Name>, seen);
  }, [source, event]);
}
