import {
  fail,
  memberOf,
  ok,
  parsePresenceData,
  quote,
  userOfChannel,
  type ChannelName,
  type ChannelTraits,
  type Member,
  type Parsed,
  type Problem,
  type UserData,
} from "@sealcast/protocol";
import type { App } from "../apps/app.ts";

/** What decides whether a connection may have one more subscription. */
export interface SubscriptionLimitFacts {
  readonly channel: ChannelName;
  readonly alreadySubscribed: boolean;
  /** Channels that the connection is on. */
  readonly subscriptions: number;
  readonly maxSubscriptions: number;
}

/** What decides whether a connection may be on this channel. */
export interface SubscribeFacts {
  readonly app: App;
  readonly channel: ChannelName;
  readonly traits: ChannelTraits;
  /** What is wrong with the signature, if the channel needs one: `traits.auth` is "signature". */
  readonly authProblem: Problem | undefined;
  readonly channelData: string | undefined;
  /** The user that the connection is signed in as. */
  readonly user: UserData | undefined;
}

/** Why a connection may have no further subscription to the channel. Ask first: this needs no signature. */
export function subscriptionLimitProblem(facts: SubscriptionLimitFacts): Problem | undefined {
  const { channel, subscriptions, maxSubscriptions } = facts;
  if (facts.alreadySubscribed) {
    return { id: "alreadySubscribed", message: `Existing subscription to channel ${channel}` };
  }
  if (subscriptions < maxSubscriptions) return undefined;
  return {
    id: "tooManySubscriptions",
    message: `Cannot subscribe to ${quote(channel)}: the connection is on ${subscriptions} channels, at most ${maxSubscriptions} are allowed`,
  };
}

/** Decides a subscription; the value is the member to add, on presence channels. */
export function decideSubscribe({ app, channel, traits, user, ...facts }: SubscribeFacts): Parsed<Member | undefined> {
  if (traits.auth === "owner") {
    return user !== undefined && user.id === userOfChannel(channel)
      ? ok(undefined)
      : fail("notOwner", `Cannot subscribe to ${quote(channel)}: only a connection signed in as that user may`);
  }
  if (facts.authProblem !== undefined) return { ok: false, error: facts.authProblem };
  if (!traits.members) return ok(undefined);
  if (facts.channelData !== undefined) return parsePresenceData(facts.channelData, app.maxMemberBytes);
  if (user !== undefined) return memberOf(user.id, user.userInfo, app.maxMemberBytes);
  return fail(
    "invalidChannelData",
    `Cannot subscribe to ${quote(channel)}: a presence channel needs channel_data with a user_id, or a signed-in user`,
  );
}
