import type { Channel } from "@sealcast/client";
import { subscriptionStore, type SubscriptionState } from "@sealcast/client/stores";
import { useMemo } from "react";
import { useSealcast } from "./sealcast-provider.tsx";
import { useChannel, type ChannelName, type RegisteredChannel } from "./use-channel.ts";
import { useStore } from "./use-store.ts";

/** A channel and the state of its subscription. */
export interface Subscription<Subscribed> extends SubscriptionState {
  readonly channel: Subscribed | undefined;
}

const pending: SubscriptionState = { status: "pending", error: undefined };

/**
 * Subscribes to a channel like {@link useChannel}, and returns the state of the subscription, too.
 *
 * @param name null: no channel, for now.
 * @example
 * const { status, error } = useSubscription("private-orders");
 */
export function useSubscription<Name extends ChannelName>(name: Name | null): Subscription<RegisteredChannel<Name>> {
  const client = useSealcast();
  const channel = useChannel(name);
  const store = useMemo(() => {
    // Which events an app has registered does not matter here.
    const registered: unknown = channel;
    return subscriptionStore(client, registered as Channel | undefined);
  }, [client, channel]);
  return { channel, ...useStore(store, pending) };
}
