import type { Channel } from "@sealcast/client";
import { subscriptionStore, type SubscriptionState } from "@sealcast/client/stores";
import type { MaybeRefOrGetter, ShallowRef } from "vue";
import { followStore } from "./follow-store.ts";
import { useSealcast, type ChannelName } from "./provide-sealcast.ts";
import { useChannel } from "./use-channel.ts";

/**
 * Subscribes to a channel like {@link useChannel}, and returns a ref of the state of the subscription.
 *
 * @example
 * const subscription = useSubscription("private-orders"); // { status: "failed", error }
 */
export function useSubscription<Name extends ChannelName>(
  name: MaybeRefOrGetter<Name | null>,
): Readonly<ShallowRef<SubscriptionState>> {
  const client = useSealcast();
  const channel = useChannel(name);
  return followStore(() => {
    // Which events an app has registered does not matter here.
    const registered: unknown = channel.value;
    return subscriptionStore(client, registered as Channel | undefined);
  });
}
