import type { ChannelList } from "../channels/channel-list.ts";
import type { Channel as CoreChannel } from "../channels/channel.ts";
import type { Members as CoreMembers } from "../channels/roster.ts";
import type { PresenceChannel as CorePresenceChannel } from "../channels/presence-channel.ts";
import type { Connection } from "../connection/connection.ts";
import type { Emitter, LooseEvents } from "../emitter.ts";
import type { User as CoreUser } from "../user.ts";

/** The type that `pusher-js` gives to values of the application: they can be used as anything. */
// oxlint-disable-next-line typescript/no-explicit-any -- code annotated for pusher-js must compile unchanged
export type Anything = any;

/** A channel, with events of any kind. */
export type Channel = { readonly pusher: Anything } & CoreChannel<LooseEvents>;
/** A presence channel, with events and members of any kind. */
export type PresenceChannel = { readonly pusher: Anything; readonly members: Members } & CorePresenceChannel<
  LooseEvents,
  Anything
>;
/** The members of a presence channel. Typed non-null as in `pusher-js`, although values can be null. */
export type Members = { myID: Anything; me: Anything; get(id: string): Anything } & CoreMembers<Anything>;
/** The channels of a client. Typed as always present, as in `pusher-js`, although they can be undefined. */
export type Channels = {
  readonly channels: Record<string, Channel>;
  all(): Channel[];
  find(name: string): Channel;
} & ChannelList;
/** The connection, with events of any kind. */
export type ConnectionManager = { socket_id: string; readonly key: string } & Connection<LooseEvents>;
/** The signed-in user, with events of any kind. */
export type UserFacade = {
  user_data: Anything;
  signinDonePromise: Promise<Anything>;
  readonly watchlist: Emitter<LooseEvents>;
} & CoreUser<LooseEvents>;
