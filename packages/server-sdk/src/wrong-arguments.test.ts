import { describe, expect, test } from "vitest";
import { createAuthHandler } from "./auth-handler/auth-handler.ts";
import { Sealcast } from "./sealcast.ts";
import { SealcastError } from "./sealcast-error.ts";
import { fakeSealcast, masterKey } from "./testing/fake-sealcast.ts";

/** What JavaScript applications pass by mistake: an unset variable, a parsed body, a list instead of a text. */
const wrongValues: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["nothing", undefined],
  ["null", null],
  ["a number", 5],
  ["NaN", Number.NaN],
  ["a boolean", true],
  ["a bigint", 10n],
  ["a symbol", Symbol("s")],
  ["a function", () => 1],
  ["an empty text", ""],
  ["a text with spaces", "a b c"],
  ["a long text", "x".repeat(300)],
  ["a lone surrogate", "\uD800"],
  ["an object", { a: 1 }],
  ["an object without prototype", Object.create(null)],
  ["an object that throws", { toString: fail, toJSON: fail }],
  ["a list", [null]],
  ["a nested list", [[]]],
  ["a circular object", circular()],
  ["an invalid date", new Date(Number.NaN)],
]);

function fail(): never {
  throw new Error("This object cannot be printed");
}

function circular(): object {
  const object: Record<string, unknown> = {};
  object["self"] = object;
  return object;
}

type Call = (sealcast: Sealcast, value: never) => unknown;
/** Values that a call accepts, by their titles above. */
type Accepted = readonly string[];

const texts = ["a text with spaces", "a long text", "a lone surrogate"];
const json = [
  ...texts,
  "null",
  "a number",
  "NaN",
  "a boolean",
  "an empty text",
  "an object",
  "an object without prototype",
  "a list",
  "a nested list",
  "an invalid date",
];
const absent = ["nothing"];
const emptyObjects = ["an object without prototype", "an invalid date"];
const objects = ["an object", "an object that throws", "a circular object", "a list", "a nested list"];
const shortTexts = ["a text with spaces", "a lone surrogate"];

const calls: readonly (readonly [title: string, call: Call, accepted: Accepted])[] = [
  ["the channel of trigger", (s, value) => s.trigger(value, "e", 1), []],
  ["a channel in a list of trigger", (s, value) => s.trigger([value], "e", 1), []],
  ["the event of trigger", (s, value) => s.trigger("a", value, 1), shortTexts],
  ["the event of an encrypted trigger", (s, value) => s.trigger("private-encrypted-a", value, 1), shortTexts],
  ["the event of a sealed trigger", (s, value) => s.trigger("private-sealed-a", value, 1), shortTexts],
  ["the data of trigger", (s, value) => s.trigger("a", "e", value), json],
  ["the data of an encrypted trigger", (s, value) => s.trigger("private-encrypted-a", "e", value), json],
  ["the data of a sealed trigger", (s, value) => s.trigger("private-sealed-a", "e", value), json],
  ["the options of trigger", (s, value) => s.trigger("a", "e", 1, value), [...absent, ...emptyObjects]],
  ["socketId of trigger", (s, value) => s.trigger("a", "e", 1, { socketId: value }), absent],
  ["info of trigger", (s, value) => s.trigger("a", "e", 1, { info: value }), absent],
  ["idempotencyKey of trigger", (s, value) => s.trigger("a", "e", 1, { idempotencyKey: value }), absent],
  ["the events of triggerBatch", (s, value) => s.triggerBatch(value), []],
  ["an event of triggerBatch", (s, value) => s.triggerBatch([value]), []],
  ["the name of an event of triggerBatch", (s, name) => s.triggerBatch([{ channel: "a", name, data: 1 }]), shortTexts],
  ["the data of an event of triggerBatch", (s, data) => s.triggerBatch([{ channel: "a", name: "e", data }]), json],
  ["the user of sendToUser", (s, value) => s.sendToUser(value, "e", 1), []],
  ["the event of sendToUser", (s, value) => s.sendToUser("u", value, 1), shortTexts],
  ["the data of sendToUser", (s, value) => s.sendToUser("u", "e", value), json],
  ["the user of terminateUserConnections", (s, value) => s.terminateUserConnections(value), []],
  ["the query of channels", (s, value) => s.channels(value), [...absent, ...emptyObjects]],
  ["prefix of channels", (s, value) => s.channels({ prefix: value }), absent],
  ["info of channels", (s, value) => s.channels({ info: value }), absent],
  ["the name of channel", (s, value) => s.channel(value), []],
  ["the info of channel", (s, value) => s.channel("a", value), absent],
  ["the channel of users", (s, value) => s.users(value), []],
  ["the channel of history", (s, value) => s.history(value), []],
  ["the query of history", (s, value) => s.history("a", value), [...absent, ...emptyObjects]],
  ["after of history", (s, value) => s.history("a", { after: value }), absent],
  ["limit of history", (s, value) => s.history("a", { limit: value }), [...absent, "a number"]],
  ["the request of get", (s, value) => s.get(value), []],
  ["the path of get", (s, value) => s.get({ path: value }), []],
  ["the request of post", (s, value) => s.post(value), []],
  ["the body of post", (s, value) => s.post({ path: "/x", body: value }), [...absent, ...json]],
  ["the socket id of authorizeChannel", (s, value) => s.authorizeChannel(value, "private-a"), []],
  ["the channel of authorizeChannel", (s, value) => s.authorizeChannel("1.1", value), []],
  ["the user of authorizeChannel", (s, value) => s.authorizeChannel("1.1", "presence-a", value), []],
  ["user_id of authorizeChannel", (s, user_id) => s.authorizeChannel("1.1", "presence-a", { user_id }), texts],
  [
    "user_info of authorizeChannel",
    (s, value) => s.authorizeChannel("1.1", "presence-a", { user_id: "u", user_info: value }),
    [...absent, "a symbol", "a function", ...json],
  ],
  [
    "user_info on a sealed channel of authorizeChannel",
    (s, value) => s.authorizeChannel("1.1", "presence-sealed-a", { user_id: "u", user_info: value }),
    [...absent, ...json],
  ],
  [
    "the options of authorizeChannel",
    (s, value) => s.authorizeChannel("1.1", "private-a", undefined, value),
    [...absent, ...emptyObjects],
  ],
  ["the user of authenticateUser", (s, value) => s.authenticateUser("1.1", value), []],
  ["the id of authenticateUser", (s, id) => s.authenticateUser("1.1", { id }), []],
  [
    "user_info of authenticateUser",
    (s, value) => s.authenticateUser("1.1", { id: "u", user_info: value }),
    [...absent, "a symbol", "a function", ...json],
  ],
  ["the request of webhook", (s, value) => s.webhook(value), []],
  ["the headers of webhook", (s, value) => s.webhook({ headers: value, rawBody: "{}" }), []],
  ["the body of webhook", (s, value) => s.webhook({ headers: { "x-pusher-key": "app-key" }, rawBody: value }), []],
  ["the trust of webhook", (s, value) => s.webhook({ headers: {}, rawBody: "" }, value), []],
  ["extraTokens of webhook", (s, value) => s.webhook({ headers: {}, rawBody: "" }, { extraTokens: value }), []],
  ["maxAgeMs of webhook", (s, value) => s.webhook({ headers: {}, rawBody: "" }, { maxAgeMs: value }), []],
  ["the channel of hiddenUserId", (s, value) => s.hiddenUserId(value, "u"), []],
  ["the user of hiddenUserId", (s, value) => s.hiddenUserId("presence-sealed-a", value), texts],
  ["the channel of hiddenChannelName", (s, value) => s.hiddenChannelName(value), []],
  ["the channel of channelSharedSecret", (s, value) => s.channelSharedSecret(value), []],
  ["the channel of nextRotation", (s, value) => s.nextRotation(value), []],
  ["the channels of republish", (s, value) => s.republish(value), []],
  ["a channel of republish", (s, value) => s.republish([value]), []],
  ["the time of republish", (s, value) => s.republish([], value), absent],
  ["the request of createSignedQueryString", (s, value) => s.createSignedQueryString(value), []],
  ["the key ring of replaceRing", (s, value) => s.replaceRing(value), []],
  ["the options of replaceSealed", (s, value) => s.replaceSealed(value), []],
  ["the options of new Sealcast", (_, value) => new Sealcast(value), []],
  ["the options of createAuthHandler", (_, value) => createAuthHandler(value), []],
  ["the URL of forURL", (_, value) => Sealcast.forURL(value), []],
  ["the options of forURL", (_, value) => Sealcast.forURL(url, value), [...absent, ...emptyObjects]],
  ["the cluster of forCluster", (_, value) => Sealcast.forCluster(value, app), ["a long text"]],
  ["the options of forCluster", (_, value) => Sealcast.forCluster("eu", value), []],
];

const url = "http://k:s@127.0.0.1/apps/7";
const app = { appId: "7", key: "k", secret: "s" };
const key = masterKey("a");

const wrongOptions: readonly (readonly [title: string, options: (value: never) => object, accepted: Accepted])[] = [
  ["appId", (value) => ({ appId: value }), ["a number", "a long text"]],
  ["key", (value) => ({ key: value }), texts],
  ["host", (value) => ({ host: value }), [...absent, "a long text"]],
  ["port", (value) => ({ port: value }), [...absent, "a number"]],
  ["useTLS", (value) => ({ useTLS: value }), [...absent, "a boolean"]],
  ["cluster", (value) => ({ cluster: value }), [...absent, "a long text"]],
  ["pathPrefix", (value) => ({ pathPrefix: value }), [...absent, "an empty text"]],
  ["timeoutMs", (value) => ({ timeoutMs: value }), [...absent, "a number"]],
  ["platform", (value) => ({ platform: value }), [...absent, ...emptyObjects, ...objects]],
  ["encryption", (value) => ({ encryption: value }), absent],
  ["from of a key", (value) => ({ encryption: { ring: [{ key, from: value }] } }), [...absent, "a number"]],
  ["sealed", (value) => ({ sealed: value }), absent],
  ["sealed.overlapMs", (value) => ({ sealed: { ring: [{ key }], overlapMs: value } }), [...absent, "a number"]],
  ["a sealed key", (value) => ({ sealed: { ring: [value] } }), []],
  ["from of a sealed key", (value) => ({ sealed: { ring: [{ key, from: value }] } }), [...absent, "a number"]],
  ["sealed.generation", (value) => ({ sealed: { ring: [{ key }], generation: value } }), [...absent, "a function"]],
  ["sealed.signing", (value) => ({ sealed: { ring: [{ key }], signing: value } }), absent],
  [
    "sealed.hideEventNames",
    (value) => ({ sealed: { ring: [{ key }], hideEventNames: value } }),
    [...absent, "a boolean"],
  ],
  [
    "sealed.blindUserIds",
    (value) => ({ sealed: { ring: [{ key }], nameKey: key, blindUserIds: value } }),
    [...absent, "a boolean"],
  ],
  ["sealed.userEvents", (value) => ({ sealed: { ring: [{ key }], userEvents: value } }), [...absent, "a boolean"]],
  ["sealed.padding", (value) => ({ sealed: { ring: [{ key }], padding: value } }), [...absent, "a number"]],
];

/** Returns the error of a call; undefined if it has none. */
async function errorOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Calls with each wrong value. Returns the titles of those that were accepted, and of those whose error is not clear. */
async function outcomesOf(call: (value: never) => unknown): Promise<{ accepted: string[]; unclear: string[] }> {
  const accepted: string[] = [];
  const unclear: string[] = [];
  for (const [title, value] of wrongValues) {
    const error = await errorOf(() => call(value as never));
    if (error === undefined) accepted.push(title);
    else if (!(error instanceof SealcastError && /^(invalid|webhook)-/.test(error.code))) unclear.push(title);
  }
  return { accepted: accepted.toSorted(), unclear };
}

function createSealcast(): Sealcast {
  const answer = '{"channels":{},"users":[],"events":[],"occupied":true}';
  return fakeSealcast({
    fetch: async () => new Response(answer),
    encryptionMasterKeyBase64: key,
    sealed: { ring: [{ key: masterKey("b") }], nameKey: masterKey("c") },
  }).sealcast;
}

describe("a wrong argument is refused with a SealcastError", () => {
  test.each(calls)("%s", async (_, call, accepted) => {
    const outcomes = await outcomesOf((value) => call(createSealcast(), value));
    expect(outcomes).toEqual({ accepted: accepted.toSorted(), unclear: [] });
  });

  test.each(wrongOptions)("the option %s", async (_, options, accepted) => {
    const outcomes = await outcomesOf((value) => new Sealcast({ ...app, ...options(value) }));
    expect(outcomes).toEqual({ accepted: accepted.toSorted(), unclear: [] });
  });
});

describe("the message of a wrong argument", () => {
  test.each<[call: Call, message: string]>([
    [(s) => s.trigger(5 as never, "e", 1), "Invalid channels: expected a channel or a list of channels, got a number"],
    [(s) => s.trigger("a", "e", undefined), "Invalid data: expected a JSON value, got nothing"],
    [(s) => s.trigger("a", "e", circular()), "Invalid data: expected a JSON value, but "],
    [
      (s) => s.trigger("a", "e", 1, { socket_id: "1.1" } as object),
      'trigger has no option "socket_id": did you mean socketId?',
    ],
    [
      (s) => s.trigger("a", "e", 1, { info: "user_count" as never }),
      'Invalid info: expected a list of "user_count", "subscription_count" or "position", got a string',
    ],
    [
      (s) => s.triggerBatch([{ channel: "a", event: "e", data: 1 } as never]),
      'triggerBatch has no option "event": did you mean name?',
    ],
    [(s) => s.channels({ filter_by_prefix: "a" } as object), "did you mean prefix?"],
    [
      (s) => s.webhook({ headers: {}, rawBody: {} as never }),
      "Invalid rawBody: expected the body as received, as bytes or text, got an object",
    ],
    [(s) => s.get({ path: "channels" }), 'Invalid path: expected a text that starts with "/"'],
  ])("%#: says %s", async (call, message) => {
    expect(await errorOf(() => call(createSealcast(), undefined as never))).toMatchObject({
      message: expect.stringContaining(message) as string,
    });
  });

  test("holds no value of an option that may be a secret", async () => {
    const secret = "MyHiddenSecret";
    for (const [, options] of wrongOptions) {
      expect(String(await errorOf(() => new Sealcast({ ...app, ...options([secret] as never) })))).not.toContain(
        secret,
      );
    }
  });
});
