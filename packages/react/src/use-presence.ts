import type { Members, PresenceChannel } from "@sealcast/client";
import { presenceStore, type PresenceState } from "@sealcast/client/stores";
import { useMemo } from "react";
import { useSealcast } from "./sealcast-provider.tsx";
import { useChannel, type ChannelName, type RegisteredChannel } from "./use-channel.ts";
import { useStore } from "./use-store.ts";

/** The info of the members of a channel. */
export type MemberInfo<Name extends ChannelName> =
  RegisteredChannel<Name> extends { readonly members: Members<infer Info> } ? Info : unknown;

const nobody: PresenceState<never> = { members: [], count: 0, me: null };

/**
 * Subscribes to a presence channel and returns its members: none while rendering on a server, before the subscription has
 * succeeded and while there is no connection.
 *
 * @param name null: no channel, for now.
 * @example
 * const { count, me } = usePresence("presence-room");
 */
// oxlint-disable-next-line typescript/no-redundant-type-constituents -- names are any text only if the app declares no channels
export function usePresence<Name extends ChannelName & `presence-${string}`>(
  name: Name | null,
): PresenceState<MemberInfo<Name>> {
  const client = useSealcast();
  const channel = useChannel(name) as unknown as PresenceChannel<object, MemberInfo<Name>> | undefined;
  return useStore(
    useMemo(() => presenceStore(client, channel), [client, channel]),
    nobody,
  );
}
