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
import type { App } from "./app.ts";

/** Everything that decides whether a connection may subscribe. */
export interface SubscribeFacts {
  readonly app: App;
  readonly channel: ChannelName;
  readonly traits: ChannelTraits;
  readonly alreadySubscribed: boolean;
  /** Channels that the connection is on. */
  readonly subscriptions: number;
  readonly maxSubscriptions: number;
  /** Checks the signature; called only where the channel needs one. */
  readonly signatureProblem: () => Problem | undefined;
  readonly channelData: string | undefined;
  /** The user that the connection is signed in as. */
  readonly user: UserData | undefined;
}

/** Decides a subscription; the value is the member to add, on presence channels. */
export function decideSubscribe(facts: SubscribeFacts): Parsed<Member | undefined> {
  const { app, channel, traits, user } = facts;
  if (facts.alreadySubscribed) return fail("alreadySubscribed", `Existing subscription to channel ${channel}`);
  if (facts.subscriptions >= facts.maxSubscriptions) {
    return fail(
      "tooManySubscriptions",
      `Cannot subscribe to ${quote(channel)}: the connection is on ${facts.subscriptions} channels, at most ${facts.maxSubscriptions} are allowed`,
    );
  }
  if (traits.auth === "owner") {
    return user !== undefined && user.id === userOfChannel(channel)
      ? ok(undefined)
      : fail("notOwner", `Cannot subscribe to ${quote(channel)}: only a connection signed in as that user may`);
  }
  const problem = traits.auth === "signature" ? facts.signatureProblem() : undefined;
  if (problem !== undefined) return { ok: false, error: problem };
  if (!traits.members) return ok(undefined);
  if (facts.channelData !== undefined) return parsePresenceData(facts.channelData, app.maxMemberBytes);
  if (user !== undefined) return memberOf(user.id, user.userInfo, app.maxMemberBytes);
  return fail(
    "invalidChannelData",
    `Cannot subscribe to ${quote(channel)}: a presence channel needs channel_data with a user_id, or a signed-in user`,
  );
}
