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
import { memberLimit } from "../../core/channels/member-limit.ts";
import { presenceAnnouncements } from "../../core/channels/presence-announcement.ts";
import { decideSubscribe, subscriptionLimitProblem } from "../../core/channels/subscribe.ts";
import type { Clock } from "../../ports/clock.ts";
import type { HistoryQuery } from "../../ports/broker.ts";
import type { Observer } from "../../ports/observer.ts";
import type { Joining, JoinOutcome, Occupancy } from "../../ports/occupancy.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { AuthVerifier } from "../auth-verifier.ts";
import type { Client } from "../client.ts";
import type { Recovery } from "../recovery.ts";
import { pause } from "../pause.ts";
import { untilAvailable } from "../until-available.ts";
import { createEnterChannel } from "./enter-channel.ts";

type Subscribe = Extract<ClientMessage, { kind: "subscribe" }>;

/** A cache channel gives each new subscriber its last event. */
const lastEvent = { after: undefined, limit: 1 } as const;

/** What the handler of `pusher:subscribe` works with. */
export interface SubscribeParts {
  readonly occupancy: Occupancy;
  readonly recovery: Recovery;
  readonly authProblem: AuthVerifier;
  readonly observer: Observer;
  readonly clock: Pick<Clock, "after" | "monotonicNow">;
  /** Most channels of one connection. */
  readonly maxSubscriptions: number;
}

/** Creates the handler of `pusher:subscribe`. */
export function createSubscribe(parts: SubscribeParts): (client: Client, message: Subscribe) => Awaitable<void> {
  const { occupancy, recovery, clock } = parts;
  const enter = createEnterChannel(recovery, parts.observer);

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
    const decision = decide(client, traits, message, parts);
    if (!decision.ok) return client.refuseSubscription(channel, decision.error);
    const member = decision.value;
    const waitMs = isAnnounced(client.app, traits) ? client.takeSubscription() : 0;
    return waitMs === 0
      ? join(client, channel, member)
      : pause(clock, waitMs).then(() => join(client, channel, member));
  };
}

/** Gathers what the decision needs: limits, and the signature if the channel needs one. */
function decide(
  client: Client,
  traits: ChannelTraits,
  { channel, auth, channelData }: Subscribe,
  { authProblem, maxSubscriptions }: SubscribeParts,
): ReturnType<typeof decideSubscribe> {
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
        : { member, maxMembers: memberLimit(app), ...presenceAnnouncements(channel, member) },
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
        message: `Cannot subscribe to "${channel}": it has ${memberLimit(app)} members, as many as the app allows`,
      };
    case "unavailable":
      return engineUnavailable;
  }
}
