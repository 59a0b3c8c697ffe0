import type { Channel as CoreChannel } from "../channels/channel.ts";
import type { Members as CoreMembers } from "../channels/members.ts";
import type { PresenceChannel as CorePresenceChannel } from "../channels/presence-channel.ts";
import type { Connection } from "../connection/connection.ts";
import type { LooseEvents } from "../emitter.ts";

/** A channel, with events of any kind. */
export type Channel = CoreChannel<LooseEvents>;
/** A presence channel, with events of any kind. */
export type PresenceChannel = CorePresenceChannel<LooseEvents>;
/** The members of a presence channel. */
export type Members = CoreMembers;
/** The connection, with events of any kind. */
export type ConnectionManager = Connection<LooseEvents>;
