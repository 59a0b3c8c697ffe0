import { listen, type Emitter, type EventName, type Listener } from "@sealcast/client";
import { useEffect, useRef } from "react";

/**
 * Calls `callback` for each event of a channel, of the connection or of the user. The callback may be a new function in
 * each rendering: the latest one is called, without another binding.
 *
 * @param source what tells of the event; undefined: nothing, for now.
 */
export function useEvent<Events extends object, Name extends EventName<Events>>(
  source: Emitter<Events> | undefined,
  event: Name,
  callback: Listener<Events, Name>,
): void {
  const latest = useRef(callback);
  useEffect(() => {
    latest.current = callback;
  });
  useEffect(() => {
    if (!source) return undefined;
    const call = (...values: readonly unknown[]): unknown =>
      Reflect.apply(latest.current, undefined, values) as unknown;
    return listen(source, event, call as Listener<Events, Name>);
  }, [source, event]);
}
