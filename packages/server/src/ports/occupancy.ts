import type { AppId, ChannelName, Member, RosterSnapshot, SocketId } from "@sealcast/protocol";
import type { Awaitable } from "../core/awaitable.ts";
import type { History, HistoryQuery } from "./broker.ts";
import type { Unavailable } from "./unavailable.ts";

/** What a subscription to a presence channel needs. */
export interface PresenceJoining {
  readonly member: Member;
  /** Most users of the channel. */
  readonly maxMembers: number;
  /** Message for the other subscribers if this is the user's first connection on the channel. */
  readonly arrival: string;
  /** Message for the remaining subscribers once the user's last connection on the channel is gone. */
  readonly departure: string;
}

/** A subscription that is to begin. */
export interface Joining {
  readonly app: AppId;
  readonly channel: ChannelName;
  readonly socketId: SocketId;
  /** On presence channels. */
  readonly presence: PresenceJoining | undefined;
  /** Which kept events the subscriber gets; undefined: none. */
  readonly history: HistoryQuery | undefined;
}

/** A channel at the moment at which a subscription takes effect. */
export interface Entry {
  /** Connections on the channel, this one included. */
  readonly subscriptions: number;
  /** On presence channels: every user, this one included. */
  readonly roster: RosterSnapshot | undefined;
  /** The answer to `Joining.history`. */
  readonly history: History | undefined;
}

/** "left": `enter` returned false; "full": a presence channel has no room for another user. Both changed nothing. */
export type JoinOutcome = "entered" | "left" | "full";

/** An occupied channel. */
export interface ChannelSummary {
  readonly channel: ChannelName;
  readonly subscriptions: number;
  /** Distinct users, on presence channels; else 0. */
  readonly users: number;
}

/**
 * Who is on which channel.
 * [OCC1] Changes are atomic: exactly one join is the first of a channel or user, exactly one leave the last.
 * [OCC2] Each change is reported as a fact on exactly one node, in order per channel: `occupied` and `member-added` for the
 *        first, `vacated` and `member-removed` for the last, `subscription-count` for each. This includes the changes
 *        that follow when a node dies.
 * [OCC3] `join` calls `enter` once, synchronously, at the point of the delivery order at which the subscription takes
 *        effect: every later publication of the channel is delivered after `enter`, every earlier one before. So the
 *        roster and history of the entry fit what is delivered next.
 * [OCC4] If `enter` returns false, the join is undone. A join that is answered "unavailable" or "full" has no effect and
 *        does not call `enter`.
 * [OCC5] `arrival` and `departure` are published in the same step as the change that they announce, `arrival` to all but
 *        the joining connection.
 * [OCC6] A leave of a connection that is not on the channel changes nothing. A leave always succeeds: an engine that cannot
 *        reach what it stands on repeats it later.
 * [OCC7] A query on any node sees what took effect before it.
 * [OCC8] What a dead node held is given up by exactly one other node, as if each of its connections had left.
 */
export interface Occupancy {
  join(joining: Joining, enter: (entry: Entry) => boolean): Awaitable<JoinOutcome | Unavailable>;
  /** @param userId the member's, on presence channels. */
  leave(app: AppId, channel: ChannelName, socketId: SocketId, userId: string | undefined): Awaitable<void>;
  /** Occupied channels whose names begin with `prefix`, without server-to-user channels, in pages of at most 1,000. */
  channels(app: AppId, prefix: string): AsyncIterable<readonly ChannelSummary[] | Unavailable>;
  /** One channel; counts are 0 if nobody is subscribed. */
  channel(app: AppId, channel: ChannelName): Awaitable<ChannelSummary | Unavailable>;
  /** Ids of the users of a presence channel. */
  members(app: AppId, channel: ChannelName): Awaitable<readonly string[] | Unavailable>;
}
