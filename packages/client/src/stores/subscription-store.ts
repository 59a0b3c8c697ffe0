import type { Channel } from "../channels/channel.ts";
import type { Client } from "../client.ts";
import { listen } from "../listen.ts";
import type { SealcastError } from "../sealcast-error.ts";
import { createStore, type Store } from "./store.ts";

/** The state of a subscription. */
export interface SubscriptionState {
  /** `failed`: the endpoint or the server has refused; the client tries again with the next connection. */
  readonly status: "pending" | "subscribed" | "failed";
  /** Why the subscription failed. */
  readonly error: SealcastError | undefined;
}

const changes = ["pusher:subscription_succeeded", "pusher:subscription_error"] as const;

/** Returns the state of a channel's subscription. Without a channel, it is pending. */
export function subscriptionStore(
  { connection }: Pick<Client, "connection">,
  channel: Channel | undefined,
): Store<SubscriptionState> {
  const read = (): SubscriptionState => {
    if (channel?.subscribed && connection.state === "connected") return { status: "subscribed", error: undefined };
    return { status: channel?.failure ? "failed" : "pending", error: channel?.failure };
  };
  return createStore(read, (look, stop) => {
    if (channel) for (const event of changes) listen(channel, event, look, stop);
    listen(connection, "state_change", look, stop);
  });
}
