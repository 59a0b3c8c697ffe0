import type { ChannelName, CloseReason, Member, SocketId, UserData } from "@sealcast/protocol";
import type { ClientDetails } from "../core/monitoring/activity.ts";
import type { App } from "../core/apps/app.ts";
import type { Link } from "../ports/transport.ts";

/** A connection of this node, as the hub and timers see it. */
export interface LocalConnection {
  readonly app: App;
  readonly socketId: SocketId;
  readonly link: Link;
  readonly details: ClientDetails;
  /** When it was opened, on the monotonic clock. */
  readonly openedMs: number;
  /** The signed-in user. */
  readonly user: UserData | undefined;
  /** The channels that it is subscribed to; on presence channels, with its member. */
  readonly memberships: ReadonlyMap<ChannelName, Member | undefined>;
  /** Checks for silence and missing authorization; called about once a second. */
  tick(nowMs: number): void;
  /** Closes the connection and releases all it holds. */
  close(reason: CloseReason): void;
}
