import {
  channelStringToSign,
  traitsOf,
  type ChannelName,
  type ClientMessage,
  type Member,
  type Problem,
} from "@sealcast/protocol";
import { engineUnavailable } from "../core/engine-unavailable.ts";
import { presenceAnnouncements } from "../core/presence-announcement.ts";
import { decideSubscribe } from "../core/subscribe.ts";
import type { Entry, JoinOutcome } from "../ports/occupancy.ts";
import { outgoing } from "../ports/transport.ts";
import { andThen, type Awaitable } from "../core/awaitable.ts";
import type { Unavailable } from "../ports/unavailable.ts";
import type { Session } from "./session.ts";
import { authProblem } from "./verify-auth.ts";

/** A cache channel gives each new subscriber its last event. */
const lastEvent = { after: undefined, limit: 1 } as const;

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
  const presence =
    member === undefined
      ? undefined
      : { member, maxMembers: app.maxPresenceMembers, ...presenceAnnouncements(channel, member) };
  const history = traits.cached ? lastEvent : undefined;
  const outcome = services.engine.join({ app: app.id, channel, socketId, presence, history }, (entry) =>
    enter(session, channel, member, entry),
  );
  return andThen(
    outcome,
    (result) => {
      const problem = problemOf(result, channel, app.maxPresenceMembers);
      if (problem !== undefined) session.refuseSubscription(channel, problem);
    },
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
  const member = subscriptions.get(channel);
  subscriptions.delete(channel);
  services.hub.unsubscribe(session, channel);
  observeSubscription(session, "unsubscribed", channel, member);
  return services.engine.leave(app.id, channel, socketId, member?.userId);
}

function observeSubscription(
  { app, socketId, services }: Session,
  kind: "subscribed" | "unsubscribed",
  channel: ChannelName,
  member: Member | undefined,
): void {
  if (!services.observer.wants(kind)) return;
  services.observer.observe({ kind, app: app.id, socketId, channel, userId: member?.userId });
}

/** Lets the connection into the channel; false if the connection has ended. Runs at its place in the delivery order. */
function enter(session: Session, channel: ChannelName, member: Member | undefined, entry: Entry): boolean {
  if (!session.isOpen) return false;
  const traits = traitsOf(channel);
  if (traits.auth === "signature") session.authorize();
  if (!session.isOpen) return false;
  session.subscriptions.set(channel, member);
  session.send({ kind: "subscription-succeeded", channel, roster: entry.roster });
  const { hub, observer } = session.services;
  hub.subscribe(session, channel);
  observeSubscription(session, "subscribed", channel, member);
  if (traits.cached) {
    const last = entry.history?.events.at(-1);
    if (last === undefined) {
      session.send({ kind: "cache-miss", channel });
      const { app, socketId } = session;
      if (observer.wants("cache-miss")) observer.observe({ kind: "cache-miss", app: app.id, socketId, channel });
    } else session.link.send(outgoing(last.message));
  }
  return true;
}

function problemOf(
  outcome: JoinOutcome | Unavailable,
  channel: ChannelName,
  maxPresenceMembers: number,
): Problem | undefined {
  switch (outcome) {
    case "entered":
    case "left":
      return undefined;
    case "full":
      return {
        id: "presenceFull",
        message: `Cannot subscribe to "${channel}": it has ${maxPresenceMembers} members, as many as the app allows`,
      };
    case "unavailable":
      return engineUnavailable;
  }
}
