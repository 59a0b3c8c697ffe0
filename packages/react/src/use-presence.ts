import { listen, type Member, type Members, type PresenceChannel } from "@sealcast/client";
import { useMemo, useSyncExternalStore } from "react";
import { useSealcast } from "./sealcast-provider.tsx";
import { useChannel, type ChannelName, type RegisteredChannel } from "./use-channel.ts";

/** The members of a presence channel; a new object after each change. */
export interface PresenceState<Info> {
  readonly members: readonly Member<Info>[];
  readonly count: number;
  /** This client's own member; null before the subscription has succeeded. */
  readonly me: Member<Info> | null;
}

/** The info of the members of a channel. */
export type MemberInfo<Name extends ChannelName> =
  RegisteredChannel<Name> extends { readonly members: Members<infer Info> } ? Info : unknown;

const changes = ["pusher:subscription_succeeded", "pusher:member_added", "pusher:member_removed"] as const;
/** Events of the connection after which channels have no members. At `state_change` they still have them. */
const losses = ["connecting", "disconnected", "failed"] as const;
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
  const { connection } = useSealcast();
  const channel = useChannel(name) as unknown as PresenceChannel<object, MemberInfo<Name>> | undefined;
  const store = useMemo(() => {
    let state = channel ? read(channel) : nobody;
    return {
      subscribe: (changed: () => void): (() => void) => {
        if (!channel) return () => {};
        const stop = new AbortController();
        const look = (): void => {
          state = read(channel);
          changed();
        };
        look();
        for (const event of changes) listen(channel, event, look, stop);
        for (const event of losses) listen(connection, event, look, stop);
        return () => stop.abort();
      },
      read: () => state,
    };
  }, [connection, channel]);
  return useSyncExternalStore(store.subscribe, store.read, () => nobody);
}

function read<Info>({ members }: PresenceChannel<object, Info>): PresenceState<Info> {
  const list: Member<Info>[] = [];
  members.each((member) => list.push(member));
  return { members: list, count: members.count, me: members.me };
}
