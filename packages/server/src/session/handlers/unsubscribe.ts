import type { ChannelName } from "@sealcast/protocol";
import type { Awaitable } from "../../core/awaitable.ts";
import type { Observer } from "../../ports/observer.ts";
import type { Occupancy } from "../../ports/occupancy.ts";
import type { Client } from "../client.ts";
import type { Hub } from "../hub.ts";
import type { Recovery } from "../recovery.ts";
import { observeSubscription } from "./observe-subscription.ts";

/** Takes a client off a channel that it is on. */
export type Leave = (client: Client, channel: ChannelName) => Awaitable<void>;

/** Creates the function that ends a subscription, whatever the reason. */
export function createLeave(occupancy: Occupancy, hub: Hub, recovery: Recovery, observer: Observer): Leave {
  return (client, channel) => {
    const member = client.memberships.get(channel);
    client.left(channel);
    hub.unsubscribe(client, channel);
    recovery.left(client, channel);
    observeSubscription(observer, client, "unsubscribed", channel, member);
    return occupancy.leave(client.app.id, channel, client.socketId, member?.userId);
  };
}

/** Handles `pusher:unsubscribe`. */
export function createUnsubscribe(leave: Leave): Leave {
  return (client, channel) =>
    client.memberships.has(channel)
      ? leave(client, channel)
      : client.refuse({
          id: "notSubscribed",
          message: `No current subscription to channel ${channel}, or subscription in progress`,
        });
}
