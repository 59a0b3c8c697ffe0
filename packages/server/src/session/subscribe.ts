import { channelStringToSign, traitsOf, type ChannelName, type ClientMessage, type Member } from "@sealcast/protocol";
import { decideSubscribe } from "../core/subscribe.ts";
import type { Joined } from "../ports/engine.ts";
import { outgoing } from "../ports/transport.ts";
import { andThen, type Awaitable } from "../core/awaitable.ts";
import type { Session } from "./session.ts";
import { authProblem } from "./verify-auth.ts";

/** Handles `pusher:subscribe`. */
export function subscribe(
  session: Session,
  { channel, auth, channelData }: Extract<ClientMessage, { kind: "subscribe" }>,
): Awaitable<void> {
  const { app, services, socketId } = session;
  const traits = traitsOf(channel);
  const decision = decideSubscribe({
    app,
    channel,
    traits,
    alreadySubscribed: session.subscriptions.has(channel),
    subscriptions: session.subscriptions.size,
    maxSubscriptions: services.limits.maxSubscriptionsPerConnection,
    signatureProblem: () => authProblem(session, auth, channelStringToSign(socketId, channel, channelData)),
    channelData,
    user: session.user,
  });
  if (!decision.ok) return session.refuseSubscription(channel, decision.error);
  const member = decision.value;
  const joined = services.engine.join({ app: app.id, channel, socketId, member, maxMembers: app.maxPresenceMembers });
  return andThen(
    joined,
    (outcome) => enter(session, channel, member, outcome),
    (error) => session.failed(error, channel),
  );
}

/** Handles `pusher:unsubscribe`. */
export function unsubscribe(session: Session, channel: ChannelName): Awaitable<void> {
  if (session.subscriptions.has(channel)) return leaveChannel(session, channel);
  return session.refuse({
    id: "notSubscribed",
    message: `No current subscription to channel ${channel}, or subscription in progress`,
  });
}

/** Takes a connection off a channel. */
export function leaveChannel(session: Session, channel: ChannelName): Awaitable<void> {
  const { app, services, socketId, subscriptions } = session;
  const userId = subscriptions.get(channel)?.userId;
  subscriptions.delete(channel);
  services.hub.unsubscribe(session, channel);
  return andThen(services.engine.leave(app.id, channel, socketId, userId), (left) =>
    services.counts.changed(app, channel, left.subscriptions),
  );
}

function enter(session: Session, channel: ChannelName, member: Member | undefined, joined: Joined): Awaitable<void> {
  const { app, services } = session;
  if (joined === "full") {
    return session.refuseSubscription(channel, {
      id: "presenceFull",
      message: `Cannot subscribe to "${channel}": it has ${app.maxPresenceMembers} members, as many as the app allows`,
    });
  }
  session.subscriptions.set(channel, member);
  // The connection may have gone while the engine was asked.
  if (!session.isOpen) return leaveChannel(session, channel);
  const traits = traitsOf(channel);
  if (traits.auth === "signature") session.authorize();
  if (!session.isOpen) return undefined;
  session.send({ kind: "subscription-succeeded", channel, roster: joined.roster });
  services.hub.subscribe(session, channel);
  if (traits.cached) {
    if (joined.cached === undefined) session.send({ kind: "cache-miss", channel });
    else session.link.send(outgoing(joined.cached.message));
  }
  return services.counts.changed(app, channel, joined.subscriptions);
}
