import type { ChannelOf } from "@sealcast/client";
import { useEffect, useState } from "react";
import { shareChannel, type SharedChannel } from "./shared-channel.ts";
import { useSealcast, type RegisteredChannels } from "./sealcast-provider.tsx";

/** The name of a channel that the app has. */
export type ChannelName = Extract<keyof RegisteredChannels, string>;

/** The channel with a name, as the registered channels describe it. */
export type RegisteredChannel<Name extends ChannelName> = ChannelOf<Name, RegisteredChannels[Name]>;

/**
 * Subscribes to a channel for as long as the component is there; components may share one. Undefined while rendering on
 * a server and in the first rendering of a browser.
 *
 * @param name null: no channel, for now.
 */
export function useChannel<Name extends ChannelName>(name: Name | null): RegisteredChannel<Name> | undefined {
  const client = useSealcast();
  const [channel, setChannel] = useState<SharedChannel>();
  useEffect(() => {
    if (name === null) return undefined;
    const shared = shareChannel(client, name);
    setChannel(shared.channel);
    return shared.release;
  }, [client, name]);
  // After a change of name, the old channel is still here for one rendering.
  return channel?.name === name ? (channel as unknown as RegisteredChannel<Name>) : undefined;
}
