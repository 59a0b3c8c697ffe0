import { channelKinds } from "@sealcast/protocol";
import { describe, expect, test } from "vitest";
import { createNodeSigner } from "../../adapters/signer/node-crypto.ts";
import { startSocketless, testApp, type FakeClient, type ReceivedFrame } from "@sealcast/server-testing";

const succeeded = "pusher_internal:subscription_succeeded";
const counted = "pusher_internal:subscription_count";
const added = "pusher_internal:member_added";
const removed = "pusher_internal:member_removed";

function events(frames: readonly ReceivedFrame[]): string[] {
  return frames.map(({ event }) => event);
}

describe("subscribing", () => {
  test.each(channelKinds.map(({ prefix, kind }) => [kind, `${prefix}a`] as const))(
    "[KIND1] a channel of the kind %s answers in its order",
    async (kind, name) => {
      const { connect } = await startSocketless();
      const client = connect();
      client.signIn({ id: "a" });
      client.take();
      client.subscribe(name);
      const expected: Record<typeof kind, string[]> = {
        "private-encrypted-cache": [succeeded, "pusher:cache_miss", counted],
        "private-encrypted": [succeeded, counted],
        "private-cache-sealed": [succeeded, "pusher:cache_miss", counted],
        "private-sealed": [succeeded, counted],
        "presence-cache-sealed": [succeeded, "pusher:cache_miss"],
        "presence-sealed": [succeeded],
        "private-cache": [succeeded, "pusher:cache_miss", counted],
        private: [succeeded, counted],
        "presence-cache": [succeeded, "pusher:cache_miss"],
        presence: [succeeded],
        cache: [succeeded, "pusher:cache_miss", counted],
        "server-to-user": [succeeded],
        public: [succeeded, counted],
      };
      expect(events(client.take())).toEqual(expected[kind]);
    },
  );

  test("[SUB1] [FRAME1] the answer's data is text", async () => {
    const { connect } = await startSocketless({ apps: [testApp({ subscriptionCount: false })] });
    const client = connect();
    client.subscribe("a");
    expect(client.link.texts.at(-1)).toBe(
      '{"event":"pusher_internal:subscription_succeeded","channel":"a","data":"{}"}',
    );
  });

  test.each<[title: string, data: Record<string, unknown>, message: RegExp, error: Record<string, unknown>]>([
    [
      "[SUB3] another signature",
      { channel: "private-a", auth: `app-key:${"0".repeat(64)}` },
      /^Invalid signature: Expected HMAC SHA256 hex digest of 1\.2:private-a, but got 0{64}$/,
      { type: "AuthError", status: 401 },
    ],
    [
      "[SUB3] no signature",
      { channel: "private-a", auth: "app-key" },
      /^Invalid signature: .* of 1\.2:private-a, but got $/,
      { type: "AuthError", status: 401 },
    ],
    [
      "[SUB3] the signed channel_data is repeated",
      { channel: "presence-a", auth: "app-key:x", channel_data: '{"user_id":1}' },
      /^Invalid signature: .* of 1\.2:presence-a:\{"user_id":1\}, but got x$/,
      { type: "AuthError", status: 401 },
    ],
    [
      "[SUB3] endless text is cut",
      { channel: "presence-a", auth: `app-key:${"x".repeat(9_000)}`, channel_data: "y".repeat(9_000) },
      /^.{1,600}$/,
      { type: "AuthError", status: 401 },
    ],
    [
      "[SUB4] another key",
      { channel: "private-a", auth: "other:x" },
      /^Invalid key in subscription auth data: 'other'$/,
      { type: "AuthError", status: 401 },
    ],
    [
      "[SUB4] no auth",
      { channel: "private-a" },
      /^Invalid key in subscription auth data: ''$/,
      { type: "AuthError", status: 401 },
    ],
    [
      "[SUB12] a bad name",
      { channel: "a b" },
      /^Invalid channel name "a b"/,
      { type: "SubscriptionError", status: 400 },
    ],
    [
      "[USER4] a user's channel before the sign-in",
      { channel: "#server-to-user-ada" },
      /only a connection signed in as that user may$/,
      { type: "AuthError", status: 403 },
    ],
  ])("[SUB5] %s is answered twice, and the connection stays", async (_, data, message, error) => {
    const { connect } = await startSocketless();
    const client = connect();
    client.send({ event: "pusher:subscribe", data });
    const [first, second, ...others] = client.take();
    expect(first).toMatchObject({ event: "pusher:error", data: { code: null } });
    const text = (first?.data as { message: string } | undefined)?.message;
    expect(text).toMatch(message);
    expect(second).toEqual({
      event: "pusher:subscription_error",
      channel: data["channel"],
      data: { ...error, error: text },
    });
    expect(others).toEqual([]);
    client.subscribe("good");
    expect(client.take()[0]?.event).toBe(succeeded);
  });

  test("[SUB6] a second time is refused, and the first stays", async () => {
    const { connect } = await startSocketless({ apps: [testApp({ subscriptionCount: false })] });
    const [one, two] = [connect(), connect()];
    one.subscribe("private-a");
    two.subscribe("private-a");
    one.take();
    one.subscribe("private-a");
    expect(one.take()[0]?.data).toEqual({ message: "Existing subscription to channel private-a", code: null });
    two.whisper("private-a", "client-x", 1);
    expect(events(one.take())).toEqual(["client-x"]);
  });

  test("[SUB7] nothing of a channel comes after its unsubscription", async () => {
    const { connect, post } = await startSocketless();
    const client = connect();
    client.subscribe("a");
    client.unsubscribe("a");
    client.take();
    await post("/events", { name: "x", channel: "a", data: "1" });
    expect(client.take()).toEqual([]);
  });

  test("[SUB8] [SUB7] a channel that the connection is not on", async () => {
    const { connect } = await startSocketless();
    const client = connect();
    client.subscribe("a");
    client.unsubscribe("a");
    client.take();
    for (const channel of ["a", "b", "__proto__"]) {
      client.unsubscribe(channel);
      const message = `No current subscription to channel ${channel}, or subscription in progress`;
      expect(client.take()).toEqual([{ event: "pusher:error", data: { message, code: null } }]);
    }
  });

  test("[SUB9] the end of a connection ends all it holds", async () => {
    const { connect, get } = await startSocketless();
    const client = connect();
    for (let count = 0; count < 50; count += 1) client.subscribe(`a${count}`);
    client.join("presence-a", "ada");
    client.drop();
    client.drop();
    expect((await get("/channels")).body).toBe('{"channels":{}}');
  });
});

describe("presence", () => {
  test("[PRES1] [PRES2] the newcomer gets everybody, the others the newcomer", async () => {
    const { connect } = await startSocketless();
    const [ada, bob] = [connect(), connect()];
    ada.join("presence-a", 10, { name: "Ada" });
    expect(ada.take()).toEqual([
      {
        event: succeeded,
        channel: "presence-a",
        data: { presence: { ids: ["10"], hash: { 10: { name: "Ada" } }, count: 1 } },
      },
    ]);
    bob.join("presence-a", "bob");
    expect(bob.take()).toEqual([
      {
        event: succeeded,
        channel: "presence-a",
        data: { presence: { ids: ["10", "bob"], hash: { 10: { name: "Ada" }, bob: null }, count: 2 } },
      },
    ]);
    expect(ada.take()).toEqual([{ event: added, channel: "presence-a", data: { user_id: "bob" } }]);
  });

  test("[PRES2] a member's info is announced as it was signed", async () => {
    const { connect } = await startSocketless();
    const [ada, bob] = [connect(), connect()];
    ada.join("presence-a", "ada");
    ada.take();
    const info = { __proto__x: 1, list: [null, "é\u2028", { deep: true }], constructor: "c" };
    bob.join("presence-a", "__proto__", info);
    expect(ada.take()).toEqual([
      { event: added, channel: "presence-a", data: { user_id: "__proto__", user_info: info } },
    ]);
    expect(bob.link.texts.at(-1)).toContain(String.raw`\"__proto__\":{`);
  });

  test("[PRES3] [PRES4] [PRES5] two tabs are one user, with the info of the older", async () => {
    const { connect } = await startSocketless();
    const [ada, tab1, tab2, late] = [connect(), connect(), connect(), connect()];
    ada.join("presence-a", "ada");
    tab1.join("presence-a", "bob", { tab: 1 });
    tab2.join("presence-a", "bob", { tab: 2 });
    expect(events(ada.take())).toEqual([succeeded, added]);
    expect(tab1.take()).toHaveLength(1);
    expect(tab2.take()[0]?.data).toMatchObject({ presence: { count: 2, hash: { bob: { tab: 1 } } } });
    tab1.drop();
    expect(ada.take()).toEqual([]);
    late.join("presence-a", "late");
    expect(late.take()[0]?.data).toMatchObject({ presence: { count: 3, hash: { bob: { tab: 2 } } } });
    ada.take();
    tab2.unsubscribe("presence-a");
    expect(ada.take()).toEqual([{ event: removed, channel: "presence-a", data: { user_id: "bob" } }]);
    expect(tab2.take()).toEqual([{ event: added, channel: "presence-a", data: { user_id: "late" } }]);
  });

  test("[PRES4] a client that fell silent is removed, too", async () => {
    const { connect, clock } = await startSocketless();
    const [ada, bob] = [connect(), connect()];
    ada.join("presence-a", "ada");
    bob.join("presence-a", "bob");
    clock.advance(149_000);
    ada.ping();
    ada.take();
    clock.advance(1_000);
    expect(bob.closeCode).toBe(4201);
    expect(ada.take()).toEqual([{ event: removed, channel: "presence-a", data: { user_id: "bob" } }]);
  });

  test("[PRES9] a full channel accepts further connections of its members, and a new user after one has left", async () => {
    const { connect } = await startSocketless({ apps: [testApp({ maxPresenceMembers: 2 })] });
    const [ada, bob, cleo, again] = [connect(), connect(), connect(), connect()];
    ada.join("presence-a", "ada");
    bob.join("presence-a", "bob");
    again.join("presence-a", "ada");
    cleo.join("presence-a", "cleo");
    expect(events(again.take())).toEqual([succeeded]);
    expect(cleo.take()).toMatchObject([
      { data: { message: 'Cannot subscribe to "presence-a": it has 2 members, as many as the app allows' } },
      { event: "pusher:subscription_error", data: { status: 403 } },
    ]);
    bob.drop();
    cleo.join("presence-a", "cleo");
    expect(events(cleo.take())).toEqual([succeeded]);
  });

  test("[PRES9] with very large members, a channel has fewer than the app allows", async () => {
    const app = testApp({ maxPresenceMembers: 10_000, maxMemberBytes: 65_536 });
    const { connect } = await startSocketless({ apps: [app] });
    for (let number = 0; number < 160; number += 1) connect().join("presence-a", `user-${number}`);
    const last = connect();
    last.join("presence-a", "last");
    expect(last.take()).toMatchObject([
      { data: { message: 'Cannot subscribe to "presence-a": it has 160 members, as many as the app allows' } },
      { event: "pusher:subscription_error", data: { status: 403 } },
    ]);
  });

  test("[PRES8] a signed-in connection joins as its user, and its channel_data wins", async () => {
    const { connect } = await startSocketless();
    const [client, signer] = [connect(), connect()];
    for (const one of [client, signer]) one.signIn({ id: "ada", user_info: { name: "Ada" } });
    client.take();
    signer.take();
    client.subscribe("presence-a");
    expect(client.take()[0]?.data).toMatchObject({ presence: { hash: { ada: { name: "Ada" } } } });
    signer.join("presence-a", "bob");
    expect(signer.take()[0]?.data).toMatchObject({ presence: { ids: ["ada", "bob"] } });
  });
});

describe("cache channels", () => {
  test.each(["cache-", "private-cache-", "presence-cache-", "private-encrypted-cache-"])(
    "[CACHE1] %s sends the last event after the answer and before the count",
    async (prefix) => {
      const { connect, post } = await startSocketless();
      const channel = `${prefix}a`;
      const data = JSON.stringify({
        nonce: Buffer.alloc(24).toString("base64"),
        ciphertext: Buffer.alloc(16).toString("base64"),
      });
      const early = connect();
      for (const name of ["first", "last"]) {
        await post("/events", { name, channel, data, socket_id: early.socketId });
      }
      const client = connect();
      client.subscribe(channel, prefix.startsWith("presence-") ? '{"user_id":"ada"}' : undefined);
      expect(events(client.take())).toEqual(
        prefix.startsWith("presence-") ? [succeeded, "last"] : [succeeded, "last", counted],
      );
    },
  );

  test("[CACHE2] [CACHE4] an event is kept for half an hour", async () => {
    const { connect, post, clock } = await startSocketless({ apps: [testApp({ subscriptionCount: false })] });
    await post("/events", { name: "x", channel: "cache-a", data: "1" });
    clock.advance(1_799_999);
    const [early, late] = [connect(), connect()];
    early.subscribe("cache-a");
    expect(events(early.take())).toEqual([succeeded, "x"]);
    clock.advance(1);
    late.subscribe("cache-a");
    expect(late.take()).toEqual([
      { event: succeeded, channel: "cache-a", data: {} },
      { event: "pusher:cache_miss", channel: "cache-a", data: {} },
    ]);
  });

  test("[CACHE4] an app's own time holds", async () => {
    const { connect, post, clock } = await startSocketless({ apps: [testApp({ cacheTtlSeconds: 2 })] });
    await post("/events", { name: "x", channel: "cache-a", data: "1" });
    clock.advance(2_000);
    const client = connect();
    client.subscribe("cache-a");
    expect(events(client.take())).toContain("pusher:cache_miss");
  });

  test("[CACHE3] neither client events nor counts nor members are kept", async () => {
    const { connect } = await startSocketless();
    const [one, two, late] = [connect(), connect(), connect()];
    for (const channel of ["private-cache-a", "presence-cache-a"]) {
      one.subscribe(channel, channel.startsWith("presence-") ? '{"user_id":"1"}' : undefined);
      two.subscribe(channel, channel.startsWith("presence-") ? '{"user_id":"2"}' : undefined);
      one.whisper(channel, "client-x", 1);
      two.unsubscribe(channel);
      late.subscribe(channel, channel.startsWith("presence-") ? '{"user_id":"3"}' : undefined);
      expect(events(late.take())).toContain("pusher:cache_miss");
    }
  });

  test("[CACHE5] the event outlives the last subscriber", async () => {
    const { connect, post } = await startSocketless();
    const [first, second] = [connect(), connect()];
    first.subscribe("cache-a");
    await post("/events", { name: "x", channel: "cache-a", data: "1" });
    first.drop();
    second.subscribe("cache-a");
    expect(events(second.take())).toContain("x");
  });
});

/** A server that counts how many signatures it verifies. */
async function withCountedSignatures(): Promise<{ connect: () => FakeClient; verified: () => number }> {
  const signer = createNodeSigner();
  let verified = 0;
  const { connect } = await startSocketless({
    settings: { maxSubscriptionsPerConnection: 2 },
    signer: {
      ...signer,
      verify(...signature) {
        verified += 1;
        return signer.verify(...signature);
      },
    },
  });
  return { connect, verified: () => verified };
}

describe("the cost of a signature", () => {
  test("[SUB1] is not paid on channels that need none", async () => {
    const { connect, verified } = await withCountedSignatures();
    const client = connect();
    client.signIn({ id: "ada" });
    for (const channel of ["pub", "#server-to-user-ada"]) client.subscribe(channel);
    expect(events(client.take())).toContain(succeeded);
    expect(verified()).toBe(1);
  });

  test("[SUB6] [SUB10] is not paid for a subscription that is one too many", async () => {
    const { connect, verified } = await withCountedSignatures();
    const client = connect();
    for (const channel of ["private-a", "private-b"]) client.subscribe(channel);
    expect(verified()).toBe(2);
    for (const channel of ["private-a", "private-c"]) client.subscribe(channel);
    expect(verified()).toBe(2);
  });
});
