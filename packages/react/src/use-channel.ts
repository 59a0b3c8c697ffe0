import type { ChannelOf } from "@sealcast/client";
import { holdChannel, type SharedChannel } from "@sealcast/client/stores";
import { useState } from "react";
import { useSealcast, type RegisteredChannels } from "./sealcast-provider.tsx";
import { useSyncEffect } from "./use-sync-effect.ts";

/** The name of a channel of the app. */
export type ChannelName = Extract<keyof RegisteredChannels, string>;

/** The channel with this name, as the registered channels describe it. */
export type RegisteredChannel<Name extends ChannelName> = ChannelOf<Name, RegisteredChannels[Name]>;

/**
 * Subscribes to a channel while the component is mounted. Components share one subscription. If other code leaves the
 * channel, it is subscribed again.
 *
 * @param name null: no channel, for now.
 * @returns undefined while rendering on a server, and in the first rendering of the component, and in the first one after `name` changes.
 * @example
 * const orders = useChannel("private-orders");
 * useEvent(orders, "paid", ({ order }) => console.log(order));
 */
export function useChannel<Name extends ChannelName>(name: Name | null): RegisteredChannel<Name> | undefined {
  const client = useSealcast();
  const [channel, setChannel] = useState<SharedChannel>();
  useSyncEffect(() => (name === null ? undefined : holdChannel(client, name, setChannel)), [client, name]);
  // After a change of name, the old channel is still in the state for one rendering.
  return channel?.name === name ? (channel as unknown as RegisteredChannel<Name>) : undefined;
}
