import { holdChannel, type SharedChannel } from "@sealcast/client/stores";
import { shallowReadonly, shallowRef, toValue, watch, type MaybeRefOrGetter, type ShallowRef } from "vue";
import { useSealcast, type ChannelName, type RegisteredChannel } from "./provide-sealcast.ts";
import { whenMounted } from "./when-mounted.ts";

/**
 * Subscribes to a channel while the component is mounted. Components share one subscription. If other code leaves the
 * channel, it is subscribed again.
 *
 * @param name null: no channel, for now. A ref or a getter can change.
 * @returns a ref of the channel: undefined until the component is mounted.
 * @example
 * const orders = useChannel(() => `private-orders-${props.user}`);
 * useEvent(orders, "paid", ({ order }) => console.log(order));
 */
export function useChannel<Name extends ChannelName>(
  name: MaybeRefOrGetter<Name | null>,
): Readonly<ShallowRef<RegisteredChannel<Name> | undefined>> {
  const client = useSealcast();
  const channel = shallowRef<RegisteredChannel<Name>>();
  const take = (current: SharedChannel | undefined): void => {
    channel.value = current as unknown as RegisteredChannel<Name> | undefined;
  };
  whenMounted(() => {
    watch(
      () => toValue(name),
      (current, _, onCleanup) => {
        take(undefined);
        if (current !== null) onCleanup(holdChannel(client, current, take));
      },
      { immediate: true, flush: "sync" },
    );
  });
  return shallowReadonly(channel);
}
