import type { AppId, ChannelName, UserId } from "@sealcast/protocol";
import type { Awaitable } from "../core/awaitable.ts";
import type { OccupancyFact } from "../core/channels/occupancy-fact.ts";
import type { Broker, Delivery, Position } from "./broker.ts";
import type { ConnectionQuota } from "./connection-quota.ts";
import type { NodeLink, NodeMessage } from "./node-link.ts";
import type { Occupancy } from "./occupancy.ts";
import type { UserDirectory } from "./user-directory.ts";

/** "unavailable": the store behind the engine cannot be reached, and most requests are answered "unavailable". */
export type EngineStatus = "ready" | "unavailable";

/** What an engine reports to its node. */
export interface EngineEvents {
  /** Deliver to the local subscribers of the channel. */
  deliver(app: AppId, delivery: Delivery): void;
  /** Events of a channel were kept, but not delivered here, and are no longer kept. `last`: where the channel goes on. */
  missed(app: AppId, channel: ChannelName, last: Position | undefined): void;
  /** A channel's occupancy changed; reported on one node of the cluster. */
  changed(app: AppId, fact: OccupancyFact): void;
  /** A user's first connection signed in, or the last one disconnected. */
  userChanged(app: AppId, userId: UserId, online: boolean): void;
  /** A node, maybe this one, sent a message to all nodes. */
  messageReceived(message: NodeMessage): void;
  statusChanged(status: EngineStatus): void;
}

/**
 * Everything that the nodes of a cluster share. Consumers take the part that they use; one adapter implements all parts,
 * so that a change and its announcement can be one step. Requests of one connection take effect in the order of the calls.
 * [ENG1] An expected failure is the value "unavailable", never an exception.
 * [ENG2] An engine is ready when `start` resolves, unless it reported another status. It reports each change of status once.
 */
export interface Engine extends Broker, Occupancy, UserDirectory, NodeLink, ConnectionQuota {
  /** Begins; called once, before anything else. */
  start(events: EngineEvents): Awaitable<void>;
  /** Releases what this node holds and closes connections to others. */
  close(): Awaitable<void>;
}
