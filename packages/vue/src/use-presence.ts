import type { Members, PresenceChannel } from "@sealcast/client";
import { presenceStore, type PresenceState } from "@sealcast/client/stores";
import type { MaybeRefOrGetter, ShallowRef } from "vue";
import { followStore } from "./follow-store.ts";
import { useSealcast, type ChannelName, type RegisteredChannel } from "./provide-sealcast.ts";
import { useChannel } from "./use-channel.ts";

/** The info of the members of a channel. */
export type MemberInfo<Name extends ChannelName> =
  RegisteredChannel<Name> extends { readonly members: Members<infer Info> } ? Info : unknown;

/**
 * Subscribes to a presence channel and returns a ref of its members: empty before the subscription has succeeded and while
 * there is no connection.
 *
 * @param name null: no channel, for now.
 * @example
 * const room = usePresence("presence-room"); // { members, count, me }
 */
// oxlint-disable-next-line typescript/no-redundant-type-constituents -- names are any text only if the app declares no channels
export function usePresence<Name extends ChannelName & `presence-${string}`>(
  name: MaybeRefOrGetter<Name | null>,
): Readonly<ShallowRef<PresenceState<MemberInfo<Name>>>> {
  const client = useSealcast();
  const channel = useChannel(name);
  return followStore(() =>
    presenceStore(client, channel.value as unknown as PresenceChannel<object, MemberInfo<Name>> | undefined),
  );
}
