import type { Channel, EventName } from "@sealcast/client";
import { useCallback } from "react";

/**
 * Returns a function that sends client events on a channel. It stays the same until the channel changes.
 *
 * @param channel a channel of `useChannel`; undefined: the function sends nothing and returns false.
 * @example
 * const trigger = useTrigger(useChannel("private-chat"));
 * trigger("client-typing", { user: "ada" });
 */
export function useTrigger<Events extends object>(
  channel: Channel<Events> | undefined,
): <Name extends EventName<Events>>(event: Name, data: Events[Name]) => boolean {
  return useCallback((event, data) => channel?.trigger(event, data) ?? false, [channel]);
}
