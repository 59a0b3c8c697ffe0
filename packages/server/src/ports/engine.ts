import type { AppId, ChannelName, Member, RosterSnapshot, SocketId, UserId } from "@sealcast/protocol";
import type { Awaitable } from "../core/awaitable.ts";

/** The event that a cache channel keeps. */
export interface CachedEvent {
  /** The event's message as subscribers get it. */
  readonly message: string;
  /** Its `data`, for the HTTP API. */
  readonly data: string;
  /** Milliseconds since 1970 at which it is forgotten. */
  readonly expiresAtMs: number;
}

/** One message for all subscribers of one channel. */
export interface Publication {
  readonly channel: ChannelName;
  /** The encoded message. */
  readonly message: string;
  /** The connection that is left out. */
  readonly except: SocketId | undefined;
  /** Kept for later subscribers, where the channel is a cache channel and the event came from the HTTP API. */
  readonly cache: CachedEvent | undefined;
}

/** A subscription that is to begin. */
export interface Joining {
  readonly app: AppId;
  readonly channel: ChannelName;
  readonly socketId: SocketId;
  /** On presence channels. */
  readonly member: Member | undefined;
  /** Most users of a presence channel. */
  readonly maxMembers: number;
}

/** What a join changed; "full" when a presence channel has no room for another user, and nothing changed. */
export type Joined =
  | "full"
  | {
      /** Connections on the channel, this one included. */
      readonly subscriptions: number;
      /** The channel had no subscriber before. */
      readonly occupied: boolean;
      /** The user was not there before. */
      readonly memberAdded: boolean;
      /** On presence channels: everybody, this user included. */
      readonly roster: RosterSnapshot | undefined;
      /** The event that the channel keeps, where it keeps one. */
      readonly cached: CachedEvent | undefined;
    };

/** What a leave changed. */
export interface Left {
  /** Connections that remain on the channel. */
  readonly subscriptions: number;
  /** The channel has no subscriber any more. */
  readonly vacated: boolean;
  /** It was the user's last connection on the channel. */
  readonly memberRemoved: boolean;
}

/** An occupied channel. */
export interface ChannelSummary {
  readonly channel: ChannelName;
  readonly subscriptions: number;
  /** Distinct users, on presence channels; else 0. */
  readonly users: number;
}

/** What an engine tells each node of its cluster. */
export interface EngineEvents {
  /** Deliver to the local subscribers of the channel. */
  deliver(app: AppId, publication: Publication): void;
  /** A user's first connection signed in, or the last one went. */
  userChanged(app: AppId, userId: UserId, online: boolean): void;
  /** Close the local connections of a user. */
  terminate(app: AppId, userId: UserId): void;
}

/**
 * Everything that the nodes of a cluster share.
 * [ENG1] A publication is delivered once on every node that has subscribers, in the order of publishing per channel.
 * [ENG2] Delivery is at most once: a node that is cut off loses what it did not hear.
 * [ENG3] Changes are atomic: exactly one join is the first of a channel or user, exactly one leave the last.
 * [ENG4] What is published after a join took effect is delivered after the join was answered; what was published before
 *        is not delivered to that subscriber, but is in `cached` where the channel keeps it.
 * [ENG5] A leave of a connection that is not there changes nothing.
 * [ENG6] All nodes hear `userChanged` at a user's first sign-in and last sign-out, and at none between. What changes after
 *        `online` was answered is told after it.
 * [ENG7] All nodes hear `terminate`.
 * [ENG8] A query on any node sees what took effect before it was asked.
 * [ENG9] Users who come and go are announced to the other subscribers of their presence channel as publications of the
 *        same step. So a roster and what is announced after it always agree.
 */
export interface Engine {
  /** Begins; called once, before anything else. */
  start(events: EngineEvents): Awaitable<void>;
  /** Publishes in the given order. Resolves when every local subscriber has the message in its outbox. */
  publish(app: AppId, publications: readonly Publication[]): Awaitable<void>;
  join(joining: Joining): Awaitable<Joined>;
  leave(app: AppId, channel: ChannelName, socketId: SocketId, userId: string | undefined): Awaitable<Left>;
  /** Counts a connection under its signed-in user; `userChanged` follows on all nodes if it is the first. */
  signIn(app: AppId, userId: UserId, socketId: SocketId): Awaitable<void>;
  /** The reverse of `signIn`; `userChanged` follows if it was the last. */
  signOut(app: AppId, userId: UserId, socketId: SocketId): Awaitable<void>;
  /** Those of the given users who have a signed-in connection. */
  online(app: AppId, userIds: readonly string[]): Awaitable<ReadonlySet<string>>;
  /** Closes all connections of a user, on all nodes. */
  terminate(app: AppId, userId: UserId): Awaitable<void>;
  /** Occupied channels whose names begin with `prefix`, server-to-user channels left out. */
  channels(app: AppId, prefix: string): Awaitable<readonly ChannelSummary[]>;
  /** One channel; zero counts where nobody is subscribed. */
  channel(app: AppId, channel: ChannelName): Awaitable<ChannelSummary>;
  /** Ids of the users of a presence channel. */
  users(app: AppId, channel: ChannelName): Awaitable<readonly string[]>;
  /** The event that a cache channel keeps; an engine may forget it early for want of memory. */
  cached(app: AppId, channel: ChannelName): Awaitable<CachedEvent | undefined>;
  /** Gives up what this node holds and lets go of connections to others. */
  close(): Awaitable<void>;
}
