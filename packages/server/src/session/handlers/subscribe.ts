import {
  channelStringToSign,
  traitsOf,
  type ChannelName,
  type ChannelTraits,
  type ClientMessage,
  type Member,
  type Problem,
} from "@sealcast/protocol";
import type { App } from "../../core/apps/app.ts";
import { andThen, type Awaitable } from "../../core/awaitable.ts";
import { engineUnavailable } from "../../core/errors/engine-unavailable.ts";
import { presenceAnnouncements } from "../../core/channels/presence-announcement.ts";
import { decideSubscribe, subscriptionLimitProblem } from "../../core/channels/subscribe.ts";
import type { Clock } from "../../ports/clock.ts";
import type { HistoryQuery } from "../../ports/broker.ts";
import type { Observer } from "../../ports/observer.ts";
import type { Entry, Joining, JoinOutcome, Occupancy } from "../../ports/occupancy.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { AuthVerifier } from "../auth-verifier.ts";
import type { Client } from "../client.ts";
import type { Recovery } from "../recovery.ts";
import { pause } from "../pause.ts";
import { untilAvailable } from "../until-available.ts";
import { observeSubscription } from "./observe-subscription.ts";

type Subscribe = Extract<ClientMessage, { kind: "subscribe" }>;

/** A cache channel gives each new subscriber its last event. */
const lastEvent = { after: undefined, limit: 1 } as const;

/** Handles `pusher:subscribe`. */
export function createSubscribe(
  occupancy: Occupancy,
  recovery: Recovery,
  authProblem: AuthVerifier,
  observer: Observer,
  clock: Pick<Clock, "after" | "monotonicNow">,
  maxSubscriptions: number,
): (client: Client, message: Subscribe) => Awaitable<void> {
  function decide(client: Client, traits: ChannelTraits, message: Subscribe): ReturnType<typeof decideSubscribe> {
    const { channel, auth, channelData } = message;
    const { app, memberships } = client;
    const limitProblem = subscriptionLimitProblem({
      channel,
      alreadySubscribed: memberships.has(channel),
      subscriptions: memberships.size,
      maxSubscriptions,
    });
    if (limitProblem !== undefined) return { ok: false, error: limitProblem };
    return decideSubscribe({
      app,
      channel,
      traits,
      authProblem:
        traits.auth === "signature"
          ? authProblem(app.id, auth, channelStringToSign(client.socketId, channel, channelData))
          : undefined,
      channelData,
      user: client.user,
    });
  }

  /** Runs at the subscription's place in the order of deliveries. Returns false if the connection has ended. */
  function enter(client: Client, channel: ChannelName, member: Member | undefined, entry: Entry): boolean {
    if (!client.isOpen) return false;
    const traits = traitsOf(channel);
    const overQuota = traits.auth === "signature" ? client.authorized() : undefined;
    if (overQuota !== undefined) {
      client.close(overQuota);
      return false;
    }
    client.entered(channel, member);
    client.send({ kind: "subscription-succeeded", channel, roster: entry.roster });
    observeSubscription(observer, client, "subscribed", channel, member);
    const recovered = recovery.entered(client, channel, entry.history);
    if (traits.cached && !recovered) sendLastEvent(client, channel, entry);
    return true;
  }

  function sendLastEvent(client: Client, channel: ChannelName, { history }: Entry): void {
    const event = history?.events.at(-1);
    if (event !== undefined) return client.sendEncoded(event.message);
    client.send({ kind: "cache-miss", channel });
    if (!observer.wants("cache-miss")) return;
    observer.observe({ kind: "cache-miss", app: client.app.id, socketId: client.socketId, channel });
  }

  function join(client: Client, channel: ChannelName, member: Member | undefined): Awaitable<void> {
    if (!client.isOpen) return undefined;
    return andThen(
      untilAvailable(client, clock, () =>
        occupancy.join(joiningOf(client, channel, member, recovery.historyOf(client, channel)), (entry) =>
          enter(client, channel, member, entry),
        ),
      ),
      (outcome) => {
        const problem = problemOf(outcome, client, channel);
        if (problem !== undefined) client.refuseSubscription(channel, problem);
      },
      (error) => client.failed(error, channel),
    );
  }

  return (client, message) => {
    const { channel } = message;
    const traits = traitsOf(channel);
    const decision = decide(client, traits, message);
    if (!decision.ok) return client.refuseSubscription(channel, decision.error);
    const member = decision.value;
    const waitMs = isAnnounced(client.app, traits) ? client.takeSubscription() : 0;
    return waitMs === 0
      ? join(client, channel, member)
      : pause(clock, waitMs).then(() => join(client, channel, member));
  };
}

/** Whether the other subscribers may hear of a subscription to such a channel. */
function isAnnounced({ subscriptionCount }: App, traits: ChannelTraits): boolean {
  return traits.members || (subscriptionCount && traits.subscriptionCount);
}

function joiningOf(
  { app, socketId }: Client,
  channel: ChannelName,
  member: Member | undefined,
  history: HistoryQuery | undefined,
): Joining {
  return {
    app: app.id,
    channel,
    socketId,
    presence:
      member === undefined
        ? undefined
        : { member, maxMembers: app.maxPresenceMembers, ...presenceAnnouncements(channel, member) },
    history: history ?? (traitsOf(channel).cached ? lastEvent : undefined),
  };
}

function problemOf(outcome: JoinOutcome | Unavailable, { app }: Client, channel: ChannelName): Problem | undefined {
  switch (outcome) {
    case "entered":
    case "left":
      return undefined;
    case "full":
      return {
        id: "presenceFull",
        message: `Cannot subscribe to "${channel}": it has ${app.maxPresenceMembers} members, as many as the app allows`,
      };
    case "unavailable":
      return engineUnavailable;
  }
}
