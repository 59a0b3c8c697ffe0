import type { ChannelName, Member } from "@sealcast/protocol";
import type { Observer } from "../../ports/observer.ts";
import type { LocalConnection } from "../local-connection.ts";

/** Tells observers that a subscription has begun or ended. */
export function observeSubscription(
  observer: Observer,
  { app, socketId }: LocalConnection,
  kind: "subscribed" | "unsubscribed",
  channel: ChannelName,
  member: Member | undefined,
): void {
  if (!observer.wants(kind)) return;
  observer.observe({ kind, app: app.id, socketId, channel, userId: member?.userId });
}
