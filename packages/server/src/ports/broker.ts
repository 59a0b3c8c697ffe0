import type { AppId, ChannelName, SocketId } from "@sealcast/protocol";
import type { Awaitable } from "../core/awaitable.ts";
import type { Unavailable } from "./unavailable.ts";

/** How long an engine knows the position of a channel without kept events, in seconds, unless memory runs short. */
export const positionSeconds = 3_600;

/** How long a publication with an id is not published again, in seconds. */
export const repeatSeconds = 120;

/** How much of a channel's events is kept for later. A cache channel keeps one. */
export interface Keep {
  /** Most events. */
  readonly count: number;
  /** Longest age, in seconds. */
  readonly ttlSeconds: number;
}

/** Place of a kept event among the kept events of its channel. */
export interface Position {
  /** Names one unbroken run of offsets. A channel whose state was lost or has expired continues under another epoch. */
  readonly epoch: string;
  /** 1 for the first event of the epoch, then one more for each. */
  readonly offset: number;
}

/** One message for all subscribers of one channel. */
export interface Publication {
  readonly channel: ChannelName;
  /** The encoded message. */
  readonly message: string;
  /** The connection that does not get the message. */
  readonly except: SocketId | undefined;
  /** How the channel keeps the event; undefined: the event is not kept and gets no position. */
  readonly keep: Keep | undefined;
  /** The publisher's name for this publication on this channel, so that it can repeat a request safely. */
  readonly id?: string | undefined;
}

/** A rate of an app that holds for all nodes together. */
export interface PublishRate {
  /** Events that a request counts. */
  readonly events: number;
  /** Most events of the app per second. */
  readonly perSecond: number;
}

/** A publication on its way to the subscribers of one node. */
export interface Delivery {
  readonly channel: ChannelName;
  readonly message: string;
  readonly except: SocketId | undefined;
  /** Of a kept event. */
  readonly position: Position | undefined;
}

/** A kept event. */
export interface KeptEvent {
  readonly message: string;
  readonly position: Position;
  /** Milliseconds since 1970. */
  readonly publishedMs: number;
  /** Time until the event expires, in milliseconds; more than 0. */
  readonly expiresInMs: number;
}

/** Which kept events of a channel are asked for. */
export interface HistoryQuery {
  /** Only events after this position; undefined: the most recent ones. */
  readonly after: Position | undefined;
  /** Most events: the first ones after `after`, else the most recent ones. */
  readonly limit: number;
  /** For joins: a channel without a position gets one, with offset 0, so that the first event is not missed either. */
  readonly begin?: true;
}

/** Kept events of a channel, oldest first. */
export interface History {
  readonly events: readonly KeptEvent[];
  /** Position of the channel's most recent event; offset 0: there was none. Undefined: the channel has no position. */
  readonly last: Position | undefined;
  /** Whether an event after `after` is no longer kept. Then `events` begins with the oldest kept event. */
  readonly gap: boolean;
}

/**
 * Publishing, and what channels keep of it.
 * [BROKER1] A publication is delivered once on every node that has subscribers, in the order of publishing per channel.
 * [BROKER2] Delivery is at most once: a node that is cut off loses what it did not hear, except kept events. It delivers
 *           those when it is back, in their places, or reports `missed` if some are no longer kept.
 * [BROKER3] When `publish` resolves, the message was delivered on the publishing node.
 * [BROKER4] Apps do not see each other's channels, events and users.
 * [BROKER5] Kept events get consecutive positions in the order of their delivery, and expire.
 * [BROKER6] A channel keeps its last `count` events. An engine may forget events earlier if memory runs short, oldest
 *           first; `gap` then says so. An offset is never used twice within an epoch, not even for an event in place
 *           of one that was lost.
 *           A position stays known for `positionSeconds` after its event has expired, so that nothing is missed on a quiet
 *           channel.
 * [BROKER7] A publish that is answered "unavailable" may have been delivered, or be delivered a little later, but not twice.
 * [BROKER8] A publication whose id was published on its channel within `repeatSeconds` is not published again, on whatever
 *           node; its first position is returned.
 * [BROKER9] With a `rate`, a request is answered "too-many", and changes nothing, if its events do not fit into the app's
 *           second, which begins with the first event on whatever node. Events above the rate fit into a second of their own.
 */
export interface Broker {
  /** Publishes in the given order. The result has the position of each publication at its index, if the event is kept. */
  publish(app: AppId, publications: readonly Publication[]): Awaitable<readonly (Position | undefined)[] | Unavailable>;
  /** Publishes likewise, if the rate allows it. */
  publishWithin(
    app: AppId,
    publications: readonly Publication[],
    rate: PublishRate,
  ): Awaitable<readonly (Position | undefined)[] | "too-many" | Unavailable>;
  /** Publishes something that has an id. Returns whether it is published now; false: its id was published before. */
  publishOnce(app: AppId, publication: Publication): Awaitable<boolean | Unavailable>;
  /** The kept events of a channel. */
  history(app: AppId, channel: ChannelName, query: HistoryQuery): Awaitable<History | Unavailable>;
}
