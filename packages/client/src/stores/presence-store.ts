import type { PresenceChannel } from "../channels/presence-channel.ts";
import type { Member } from "../channels/roster.ts";
import type { Client } from "../client.ts";
import { listen } from "../listen.ts";
import { createStore, type Store } from "./store.ts";

/** The members of a presence channel; a new object after each change. */
export interface PresenceState<Info> {
  readonly members: readonly Member<Info>[];
  readonly count: number;
  /** This client's own member; null before the subscription has succeeded. */
  readonly me: Member<Info> | null;
}

const changes = ["pusher:subscription_succeeded", "pusher:member_added", "pusher:member_removed"] as const;
/** Events of the connection after which channels have no members. At `state_change` they still have them. */
const losses = ["connecting", "disconnected", "failed"] as const;
const nobody: PresenceState<never> = { members: [], count: 0, me: null };

/** Returns the members of a presence channel: nobody without a channel, and while it is not subscribed. */
export function presenceStore<Info>(
  { connection }: Pick<Client, "connection">,
  channel: PresenceChannel<object, Info> | undefined,
): Store<PresenceState<Info>> {
  const read = (): PresenceState<Info> => {
    if (!channel?.members.count) return nobody;
    const members: Member<Info>[] = [];
    channel.members.each((member) => members.push(member));
    return { members, count: channel.members.count, me: channel.members.me };
  };
  return createStore(read, (look, stop) => {
    if (channel) for (const event of changes) listen(channel, event, look, stop);
    for (const event of losses) listen(connection, event, look, stop);
  });
}
