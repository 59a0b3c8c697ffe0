import type { Emitter, EventName, Listener } from "@sealcast/client";
import { listenFromLast } from "@sealcast/client/stores";
import { onMount } from "svelte";
import type { Readable } from "svelte/store";

/**
 * Calls `callback` for each event of a channel while the component is mounted. On a cache channel that is already
 * subscribed, it is called with the last event first.
 *
 * @param source a store of the channel, as `channel` returns it; or any store of an emitter.
 * @example
 * onEvent(channel(client, "cache-price"), "changed", ({ price }) => (current = price));
 */
export function onEvent<Events extends object, Name extends EventName<Events>>(
  source: Readable<Emitter<Events> | undefined>,
  event: Name,
  callback: Listener<Events, Name>,
): void {
  onMount(() => {
    let stop: (() => void) | undefined;
    const leave = source.subscribe((emitter) => {
      stop?.();
      stop = emitter && listenFromLast(emitter, event, callback);
    });
    return () => {
      leave();
      stop?.();
    };
  });
}
