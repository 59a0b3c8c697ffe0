import { beforeEach, describe, expect, test } from "vitest";
import { startSocketless, testApp, type SocketlessServer, type TextReply } from "@sealcast/server-testing";

let server: SocketlessServer;

beforeEach(async () => {
  server = await startSocketless();
  const [ada, adaAgain, bob] = [server.connect(), server.connect(), server.connect()];
  for (const client of [ada, adaAgain]) client.join("presence-room", "ada");
  bob.join("presence-room", "bob");
  ada.subscribe("news");
  bob.subscribe("news");
  bob.subscribe("cache-price");
  bob.signIn({ id: "bob" });
  bob.subscribe("#server-to-user-bob");
});

function parsed({ body }: TextReply): unknown {
  return JSON.parse(body);
}

describe("GET /channels", () => {
  test.each<[title: string, parameters: Record<string, string>, channels: Record<string, unknown>]>([
    ["[HTTP4] [USER5] all", {}, { "presence-room": {}, news: {}, "cache-price": {} }],
    ["[HTTP4] a prefix", { filter_by_prefix: "cache-" }, { "cache-price": {} }],
    ["[HTTP4] an exact name is a prefix", { filter_by_prefix: "news" }, { news: {} }],
    ["[HTTP4] a prefix of nothing", { filter_by_prefix: "x" }, {}],
    ["[USER5] server-to-user channels", { filter_by_prefix: "#" }, {}],
    ["[HTTP4] users", { filter_by_prefix: "presence-", info: "user_count" }, { "presence-room": { user_count: 2 } }],
    [
      "[HTTP4] subscriptions",
      { filter_by_prefix: "n", info: "subscription_count" },
      { news: { subscription_count: 2 } },
    ],
  ])("%s", async (_, parameters, channels) => {
    expect(parsed(await server.get("/channels", parameters))).toEqual({ channels });
  });

  test.each(["", "pres", "private-"])("[HTTP4] user_count with the prefix %j is refused", async (prefix) => {
    expect(await server.get("/channels", { filter_by_prefix: prefix, info: "user_count" })).toMatchObject({
      status: 400,
      body: "user_count may only be requested for presence channels - please supply filter_by_prefix begining with presence-\n",
    });
  });

  test("[HTTP13] unknown info is refused", async () => {
    expect((await server.get("/channels", { info: "cache" })).status).toBe(400);
  });
});

describe("GET /channels/{name}", () => {
  test.each<[path: string, info: string, reply: Record<string, unknown>]>([
    ["presence-room", "", { occupied: true }],
    ["presence-room", "user_count", { occupied: true, user_count: 2 }],
    ["news", "subscription_count", { occupied: true, subscription_count: 2 }],
    ["presence-room", "user_count,subscription_count", { occupied: true, user_count: 2, subscription_count: 3 }],
    ["cache-price", "cache,subscription_count", { occupied: true, subscription_count: 1, cache: null }],
    ["nobody", "", { occupied: false }],
    ["presence-nobody", "user_count", { occupied: false, user_count: 0 }],
    ["__proto__", "subscription_count", { occupied: false, subscription_count: 0 }],
  ])("[HTTP5] %s with %j", async (path, info, reply) => {
    expect(parsed(await server.get(`/channels/${path}`, info === "" ? {} : { info }))).toEqual(reply);
  });

  test("[HTTP5] [CACHE4] the kept event with the seconds that it has left", async () => {
    const ask = async (): Promise<unknown> => parsed(await server.get("/channels/cache-kept", { info: "cache" }));
    await server.post("/events", { name: "x", channel: "cache-kept", data: '{"p":1}' });
    expect(await ask()).toEqual({ occupied: false, cache: { data: '{"p":1}', ttl: 1_800 } });
    server.clock.advance(1_799_001);
    expect(await ask()).toEqual({ occupied: false, cache: { data: '{"p":1}', ttl: 1 } });
    server.clock.advance(999);
    expect(await ask()).toEqual({ occupied: false, cache: null });
  });

  test.each<[path: string, info: string, text: string]>([
    ["news", "user_count", "Cannot retrieve the user count unless the channel is a presence channel\n"],
    [
      "%23server-to-user-bob",
      "subscription_count",
      "Cannot retrieve the subscription count of a server-to-user channel\n",
    ],
    ["news", "cache", "Cannot retrieve the cache unless the channel is a cache channel\n"],
    ["my-cache-x", "cache", "Cannot retrieve the cache unless the channel is a cache channel\n"],
    ["news", "x", 'Invalid info: "x" is not one of user_count, subscription_count, cache, position\n'],
    ["a:b", "", 'Invalid channel name "a:b": expected only letters, digits and _ - = @ , . ;\n'],
  ])("[HTTP5] [HTTP13] %s with %j is refused", async (path, info, text) => {
    expect(await server.get(`/channels/${path}`, { info })).toMatchObject({ status: 400, body: text });
  });

  test("[HTTP5] subscription counts are for apps that have them", async () => {
    const { get } = await startSocketless({ apps: [testApp({ subscriptionCount: false })] });
    expect((await get("/channels/news", { info: "subscription_count" })).status).toBe(400);
  });
});

describe("GET /channels/{name}/users", () => {
  test("[HTTP6] each user once", async () => {
    expect(parsed(await server.get("/channels/presence-room/users"))).toEqual({
      users: [{ id: "ada" }, { id: "bob" }],
    });
  });

  test("[HTTP6] an empty channel has none", async () => {
    expect(parsed(await server.get("/channels/presence-x/users"))).toEqual({ users: [] });
  });

  test("[REC13] the position of the last event", async () => {
    const app = testApp({ history: [{ prefix: "orders", size: 10, ttlSeconds: 600 }] });
    const { get, post } = await startSocketless({ apps: [app] });
    const ask = async (name: string): Promise<unknown> => parsed(await get(`/channels/${name}`, { info: "position" }));
    expect(await ask("orders")).toEqual({ occupied: false, position: null });
    await post("/events", { name: "x", channel: "orders", data: "1" });
    expect(await ask("orders")).toEqual({
      occupied: false,
      position: { epoch: expect.any(String) as string, offset: 1 },
    });
  });

  test("[HTTP6] very many users are listed completely, in the order in which they came", async () => {
    const large = await startSocketless({ apps: [testApp({ maxPresenceMembers: 2_000 })] });
    const ids = Array.from({ length: 1_001 }, (_, index) => `user-${index}`);
    for (const id of ids) large.connect().join("presence-crowd", id);
    expect(parsed(await large.get("/channels/presence-crowd/users"))).toEqual({ users: ids.map((id) => ({ id })) });
  });

  test.each(["news", "cache-price", "private-presence-x"])("[HTTP6] %s has no users", async (name) => {
    expect(await server.get(`/channels/${name}/users`)).toMatchObject({
      status: 400,
      body: "Users can only be retrieved for presence channels\n",
    });
  });
});

describe("GET /channels/{name}/stats", () => {
  test.each<[name: string, stats: Record<string, unknown>]>([
    ["presence-room", { occupied: true, user_count: 2, connection_count: 3 }],
    ["news", { occupied: true, connection_count: 2 }],
    ["nobody", { occupied: false, connection_count: 0 }],
  ])("[HTTP8] %s", async (name, stats) => {
    expect(parsed(await server.get(`/channels/${name}/stats`))).toEqual(stats);
  });
});

describe("POST /users/{id}/terminate_connections", () => {
  test("[USER6] closes the connections that are signed in as the user, and no other", async () => {
    const [signedIn, member, other] = [server.connect(), server.connect(), server.connect()];
    signedIn.signIn({ id: "cleo" });
    member.join("presence-room", "cleo");
    other.signIn({ id: "cleo2" });
    expect(await server.post("/users/cleo/terminate_connections", {})).toMatchObject({ status: 200, body: "{}" });
    expect([signedIn, member, other].map(({ closeCode }) => closeCode)).toEqual([4009, undefined, undefined]);
    expect(signedIn.link.ended?.reason).toBe("User connections terminated");
  });

  test.each(["nobody", "a%40b%2Cc"])("[HTTP7] %s, who is not there", async (id) => {
    expect((await server.post(`/users/${id}/terminate_connections`, {})).status).toBe(200);
  });

  test.each(["a:b", "%20", "x".repeat(200)])("[HTTP13] %s is no user id", async (id) => {
    expect((await server.post(`/users/${id}/terminate_connections`, {})).status).toBe(400);
  });
});
