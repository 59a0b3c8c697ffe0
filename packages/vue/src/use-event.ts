import type { Emitter, EventName, Listener } from "@sealcast/client";
import { listenFromLast } from "@sealcast/client/stores";
import { toValue, watch, type MaybeRefOrGetter } from "vue";
import { whenMounted } from "./when-mounted.ts";

/**
 * Calls `callback` for each event of a channel, of the connection or of the user while the component is mounted. On a cache
 * channel that is already subscribed, it is called with the last event first.
 *
 * @param source the emitter of the event, or a ref or getter of it; undefined: none, for now.
 * @example
 * useEvent(useChannel("cache-price"), "changed", ({ price }) => (current.value = price));
 */
export function useEvent<Events extends object, Name extends EventName<Events>>(
  source: MaybeRefOrGetter<Emitter<Events> | undefined>,
  event: Name,
  callback: Listener<Events, Name>,
): void {
  whenMounted(() => {
    watch(
      () => toValue(source),
      (emitter, _, onCleanup) => {
        if (emitter) onCleanup(listenFromLast(emitter, event, callback));
      },
      { immediate: true, flush: "sync" },
    );
  });
}
