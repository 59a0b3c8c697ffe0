import { listen, type Channel, type SealcastError } from "@sealcast/client";
import { useCallback, useSyncExternalStore } from "react";
import { useSealcast } from "./sealcast-provider.tsx";
import { useChannel, type ChannelName, type RegisteredChannel } from "./use-channel.ts";

/** A channel and the state of its subscription. */
export interface Subscription<Subscribed> {
  readonly channel: Subscribed | undefined;
  /** `failed`: the endpoint or the server has refused; the client tries again with the next connection. */
  readonly status: "pending" | "subscribed" | "failed";
  /** Why the subscription failed. */
  readonly error: SealcastError | undefined;
}

const changes = ["pusher:subscription_succeeded", "pusher:subscription_error"] as const;

/**
 * Subscribes to a channel like {@link useChannel}, and returns the state of the subscription, too.
 *
 * @param name null: no channel, for now.
 * @example
 * const { status, error } = useSubscription("private-orders");
 */
export function useSubscription<Name extends ChannelName>(name: Name | null): Subscription<RegisteredChannel<Name>> {
  const { connection } = useSealcast();
  const channel = useChannel(name);
  // Which events an app has registered does not matter here.
  const registered: unknown = channel;
  const source = registered as Channel | undefined;
  const subscribe = useCallback(
    (changed: () => void) => {
      const stop = new AbortController();
      if (source) for (const event of changes) listen(source, event, changed, stop);
      listen(connection, "state_change", changed, stop);
      return () => stop.abort();
    },
    [connection, source],
  );
  const status = (): Subscription<unknown>["status"] => {
    if (source?.subscribed && connection.state === "connected") return "subscribed";
    return source?.failure ? "failed" : "pending";
  };
  const current = useSyncExternalStore(subscribe, status, () => "pending" as const);
  return { channel, status: current, error: current === "failed" ? source?.failure : undefined };
}
