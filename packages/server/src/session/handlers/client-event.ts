import { encodeChannelEvent, traitsOf, type AppId, type ClientMessage } from "@sealcast/protocol";
import { andThen, type Awaitable } from "../../core/awaitable.ts";
import { decideClientEvent } from "../../core/publishing/client-event.ts";
import type { UsedUp } from "../../core/publishing/message-quota.ts";
import { keepOf } from "../../core/publishing/keep.ts";
import { engineUnavailable } from "../../core/errors/engine-unavailable.ts";
import type { Broker } from "../../ports/broker.ts";
import type { Observer } from "../../ports/observer.ts";
import type { Client } from "../client.ts";

/** Finds out whether an app has used its messages of the day: by its id, because a connection keeps older settings. */
export type FindUsedUp = (app: AppId) => UsedUp | undefined;

/** Handles an event that a client sends to the other subscribers of a channel. */
export function createClientEvent(
  broker: Broker,
  observer: Observer,
  usedUp: FindUsedUp,
): (client: Client, message: Extract<ClientMessage, { kind: "client-event" }>) => Awaitable<void> {
  return (client, { channel, event, data }) => {
    const { app, socketId, memberships } = client;
    const decision = decideClientEvent({
      app,
      channel,
      traits: traitsOf(channel),
      subscribed: memberships.has(channel),
      withinRate: client.takeClientEvent(),
      usedUp: usedUp(app.id),
      event,
      data,
    });
    if (!decision.ok) return client.refuse(decision.error);
    // The sender's identity comes from its membership, never from the message.
    const userId = memberships.get(channel)?.userId;
    const message = encodeChannelEvent(event, channel, data, userId);
    const published = broker.publish(app.id, [
      { channel, message, except: socketId, keep: keepOf(app, channel, "client") },
    ]);
    return andThen(published, (result) => {
      if (result === "unavailable") return client.refuse(engineUnavailable);
      if (!observer.wants("client-event")) return;
      observer.observe({ kind: "client-event", app: app.id, socketId, channel, userId, event, data });
    });
  };
}
