import { encodeChannelEvent, traitsOf, type ClientMessage } from "@sealcast/protocol";
import { andThen, type Awaitable } from "../core/awaitable.ts";
import { engineUnavailable } from "../core/engine-unavailable.ts";
import { decideClientEvent } from "../core/client-event.ts";
import type { Session } from "./session.ts";

/** Handles an event that a client sends to the other subscribers of a channel. */
export function relayClientEvent(
  session: Session,
  { channel, event, data }: Extract<ClientMessage, { kind: "client-event" }>,
): Awaitable<void> {
  const { app, services, socketId, subscriptions } = session;
  const decision = decideClientEvent({
    app,
    channel,
    traits: traitsOf(channel),
    subscribed: subscriptions.has(channel),
    withinRate: session.takeClientEvent(),
    event,
    data,
  });
  if (!decision.ok) return session.refuse(decision.error);
  // The sender's identity comes from its membership, never from the message.
  const userId = subscriptions.get(channel)?.userId;
  const message = encodeChannelEvent(event, channel, data, userId);
  const published = services.engine.publish(app.id, [{ channel, message, except: socketId, keep: undefined }]);
  return andThen(published, (result) => {
    if (result === "unavailable") return session.refuse(engineUnavailable);
    const { observer } = services;
    if (observer.wants("client-event")) {
      observer.observe({ kind: "client-event", app: app.id, socketId, channel, userId, event, data });
    }
  });
}
