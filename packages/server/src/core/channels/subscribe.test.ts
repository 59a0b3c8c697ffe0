import { parseUserData, traitsOf, type ChannelName, type ErrorId, type Problem } from "@sealcast/protocol";
import { describe, expect, test } from "vitest";
import { testApp } from "@sealcast/server-testing";
import { decideSubscribe, subscriptionLimitProblem, type SubscribeFacts } from "./subscribe.ts";

const badSignature: Problem = { id: "invalidSignature", message: "bad" };
const ada = userOf('{"id":"ada","user_info":{"name":"Ada"}}');

function userOf(userData: string): SubscribeFacts["user"] {
  const parsed = parseUserData(userData);
  return parsed.ok ? parsed.value : undefined;
}

function factsOf(channel: string, facts: Partial<SubscribeFacts>): SubscribeFacts {
  return {
    app: testApp(),
    channel: channel as ChannelName,
    traits: traitsOf(channel),
    authProblem: undefined,
    channelData: undefined,
    user: undefined,
    ...facts,
  };
}

describe("deciding a subscription", () => {
  test.each<[title: string, channel: string, facts: Partial<SubscribeFacts>, member: unknown]>([
    ["[SUB1] a public channel", "pub", {}, undefined],
    ["[SUB1] a cache channel", "cache-a", {}, undefined],
    ["[SUB2] a private channel", "private-a", {}, undefined],
    ["[SUB2] a private cache channel", "private-cache-a", {}, undefined],
    ["[SUB2] an encrypted channel", "private-encrypted-a", {}, undefined],
    ["[SUB2] an encrypted cache channel", "private-encrypted-cache-a", {}, undefined],
    ["[SIGN1] channel_data on a private channel", "private-a", { channelData: "anything" }, undefined],
    ["[PRES1] no user_info", "presence-a", { channelData: '{"user_id":"u1"}' }, { userId: "u1", userInfo: undefined }],
    [
      "[PRES1] user_info of null is none",
      "presence-a",
      { channelData: '{"user_id":"u1","user_info":null}' },
      { userId: "u1", userInfo: undefined },
    ],
    [
      "[PRES6] a number as id",
      "presence-cache-a",
      { channelData: '{"user_id":10,"user_info":{"name":"Ada"}}' },
      { userId: "10", userInfo: '{"name":"Ada"}' },
    ],
    ["[PRES8] a signed-in user", "presence-a", { user: ada }, { userId: "ada", userInfo: '{"name":"Ada"}' }],
    [
      "[PRES8] channel_data wins over the signed-in user",
      "presence-a",
      { user: ada, channelData: '{"user_id":"u1"}' },
      { userId: "u1", userInfo: undefined },
    ],
    ["[USER4] the owner", "#server-to-user-ada", { user: ada }, undefined],
  ])("%s is let in", (_, channel, facts, member) => {
    expect(decideSubscribe(factsOf(channel, facts))).toEqual({ ok: true, value: member });
  });

  test.each<[title: string, channel: string, facts: Partial<SubscribeFacts>, id: ErrorId]>([
    ["[SUB2] a bad signature", "private-a", { authProblem: badSignature }, "invalidSignature"],
    [
      "[PRES7] a bad signature, before channel_data is read",
      "presence-a",
      { authProblem: badSignature, channelData: "{" },
      "invalidSignature",
    ],
    ["[PRES7] no channel_data", "presence-a", {}, "invalidChannelData"],
    ["[PRES7] channel_data that is no JSON", "presence-a", { channelData: "{" }, "invalidChannelData"],
    ["[PRES7] channel_data that is no object", "presence-a", { channelData: '["u1"]' }, "invalidChannelData"],
    ["[PRES7] no user_id", "presence-a", { channelData: '{"user_info":{}}' }, "invalidChannelData"],
    [
      "[PRES7] bad channel_data of a signed-in user",
      "presence-a",
      { user: ada, channelData: "{}" },
      "invalidChannelData",
    ],
    [
      "[PRES10] a large user_info",
      "presence-a",
      { channelData: JSON.stringify({ user_id: "u1", user_info: "x".repeat(1_023) }) },
      "memberTooLarge",
    ],
    [
      "[PRES10] a large user_info of the signed-in user",
      "presence-a",
      { user: userOf(JSON.stringify({ id: "ada", user_info: { bio: "é".repeat(600) } })) },
      "memberTooLarge",
    ],
    ["[USER4] nobody signed in", "#server-to-user-ada", {}, "notOwner"],
    ["[USER4] another user", "#server-to-user-bob", { user: ada }, "notOwner"],
    ["[USER4] another case", "#server-to-user-ADA", { user: ada }, "notOwner"],
  ])("%s is refused", (_, channel, facts, id) => {
    expect(decideSubscribe(factsOf(channel, facts))).toMatchObject({ ok: false, error: { id } });
  });
});

test.each([
  ["[SUB10] the last place", false, 9, undefined],
  ["[SUB10] one too many", false, 10, "tooManySubscriptions"],
  ["[SUB6] a second time", true, 1, "alreadySubscribed"],
  ["[SUB6] a second time, with no place left", true, 10, "alreadySubscribed"],
])("%s", (_, alreadySubscribed, subscriptions, id) => {
  const facts = { channel: "pub" as ChannelName, alreadySubscribed, subscriptions, maxSubscriptions: 10 };
  expect(subscriptionLimitProblem(facts)?.id).toBe(id);
});
