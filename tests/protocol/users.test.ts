import type { AppId, AppKey } from "@sealcast/protocol";
import { startServer, testApp, type TestServer } from "@sealcast/server/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callApi, publish } from "../fixtures/api-request.ts";
import { FakeClock } from "../fixtures/fake-clock.ts";
import { dataOf, RawClient, type ServerFrame } from "../fixtures/raw-client.ts";
import { hmac, userAuth } from "../fixtures/sign.ts";

const clock = new FakeClock();
let server: TestServer;
beforeAll(async () => {
  const other = (key: string, settings: Parameters<typeof testApp>[0]): ReturnType<typeof testApp> =>
    testApp({ id: key as AppId, credentials: [{ key: key as AppKey, secret: "app-secret" }], ...settings });
  server = await startServer({
    apps: [
      testApp({ subscriptionCount: false }),
      other("unwatched", { watchlistEvents: false }),
      other("guarded", { authorizedConnections: true, maxConnections: 1 }),
    ],
    ports: { clock },
  });
});
afterAll(() => server.close());

let users = 0;
/** A user id that no other test uses. */
function freshUser(): string {
  users += 1;
  return `user-${users}`;
}

describe("signing in", () => {
  test("[USER1] is answered with the very text that was signed", async () => {
    const client = await RawClient.connect(server.port);
    const userData = `{ "id" : "${freshUser()}", "user_info":{"name":"Zo\\u00eb"} }`;
    client.send({ event: "pusher:signin", data: { auth: userAuth(client.socketId, userData), user_data: userData } });
    expect(dataOf(await client.next("pusher:signin_success"))).toEqual({ user_data: userData });
    await client.close();
  });

  test.each<readonly [string, string, (socketId: string, userData: string) => string]>([
    ["another secret", '{"id":"1"}', (id, data) => `app-key:${hmac(`${id}::user::${data}`, "other")}`],
    ["another key", '{"id":"1"}', (id, data) => userAuth(id, data).replace("app-key", "other")],
    ["another connection's signature", '{"id":"1"}', (_, data) => userAuth("1.1", data)],
    ["another user's signature", '{"id":"1"}', (id) => userAuth(id, '{"id":"2"}')],
    ["a channel's signature", '{"id":"1"}', (id, data) => `app-key:${hmac(`${id}:${data}`)}`],
    ["the documentation's slip", '{"id":"1"}', (id, data) => userAuth(id, data).replace(":", "::user::")],
    ["data that is no JSON", "1", userAuth],
    ["data that is no object", '["1"]', userAuth],
    ["no id", "{}", userAuth],
    ["an empty id", '{"id":""}', userAuth],
    ["a number as id", '{"id":1}', userAuth],
    ["an id with a space", '{"id":"a b"}', userAuth],
    ["a long id", JSON.stringify({ id: "u".repeat(200) }), userAuth],
  ])("[USER2] %s: refused, and the connection stays signed out", async (_, userData, auth) => {
    const client = await RawClient.connect(server.port);
    client.send({ event: "pusher:signin", data: { auth: auth(client.socketId, userData), user_data: userData } });
    expect((await client.error()).code).toBeNull();
    client.sendSubscribe("#server-to-user-1");
    expect((await client.error()).message).toMatch(/only a connection signed in as that user/);
    await client.close();
  });

  test("[USER3] again as the same user is fine, as another is not", async () => {
    const [user, other] = [freshUser(), freshUser()];
    const client = await RawClient.connect(server.port);
    await client.signIn({ id: user });
    await client.signIn({ id: user, user_info: { name: "new" } });
    const userData = JSON.stringify({ id: other });
    client.send({ event: "pusher:signin", data: { auth: userAuth(client.socketId, userData), user_data: userData } });
    expect((await client.error()).code).toBeNull();
    expect(await client.subscribe(`#server-to-user-${user}`)).toEqual({});
    await client.close();
  });
});

describe("server-to-user channels", () => {
  test("[USER4] belong to their user's connections", async () => {
    const user = freshUser();
    const channel = `#server-to-user-${user}`;
    const [owner, second, other, nobody] = await Promise.all([1, 2, 3, 4].map(() => RawClient.connect(server.port)));
    await owner?.signIn({ id: user });
    await second?.signIn({ id: user });
    await other?.signIn({ id: freshUser() });
    for (const stranger of [other, nobody]) {
      stranger?.sendSubscribe(channel);
      const frame = await stranger?.next("pusher:subscription_error", channel);
      expect(frame && dataOf(frame)).toMatchObject({ type: "AuthError", status: 403 });
    }
    await owner?.subscribe(channel);
    await second?.subscribe(channel);
    await publish(server.port, channel, "notice", "1", { socket_id: second?.socketId });
    expect(await owner?.next("notice")).toEqual({ event: "notice", channel, data: "1" });
    for (const silent of [second, other, nobody]) {
      const frames = (await silent?.settled()) ?? [];
      expect(frames.map(({ event }) => event)).not.toContain("notice");
    }
    await Promise.all([owner, second, other, nobody].map((client) => client?.close()));
  });

  test("[USER5] [COUNT2] are in no list and have no count", async () => {
    const user = freshUser();
    const client = await RawClient.connect(server.port);
    await client.signIn({ id: user });
    await client.subscribe(`#server-to-user-${user}`);
    expect(await client.settled()).toEqual([]);
    const answer = await callApi(server.port, { method: "GET", path: "/channels" });
    expect(answer.body).not.toContain("server-to-user");
    await client.close();
  });
});

describe("terminating a user", () => {
  test("[USER6] closes the signed-in connections with 4009, and no member who merely has the id", async () => {
    const user = freshUser();
    const [first, second, member] = await Promise.all([1, 2, 3].map(() => RawClient.connect(server.port)));
    await first?.signIn({ id: user });
    await second?.signIn({ id: user });
    await member?.join("presence-terminate", user);
    const answer = await callApi(server.port, { path: `/users/${user}/terminate_connections`, body: {} });
    expect(answer).toMatchObject({ status: 200, body: "{}" });
    expect(await first?.closed).toEqual({ code: 4009, reason: "User connections terminated" });
    expect((await second?.closed)?.code).toBe(4009);
    expect(await member?.settled()).toEqual([]);
    await member?.close();
  });
});

describe("watchlists", () => {
  const watched = (frame: ServerFrame): unknown => (dataOf(frame) as { events: unknown }).events;
  const watchlistEvents = "pusher_internal:watchlist_events";

  test("[WATCH1] [WATCH2] tell who is there, and then who comes and goes", async () => {
    const [one, two, three] = [freshUser(), freshUser(), freshUser()];
    const [first, second] = [await RawClient.connect(server.port), await RawClient.connect(server.port)];
    await first.signIn({ id: one, watchlist: [two, three] });
    const frame = await first.next(watchlistEvents);
    expect(frame.channel).toBeUndefined();
    expect(watched(frame)).toEqual([{ name: "offline", user_ids: [two, three] }]);
    await second.signIn({ id: two, watchlist: [one, three] });
    expect(watched(await second.next(watchlistEvents))).toEqual([
      { name: "offline", user_ids: [three] },
      { name: "online", user_ids: [one] },
    ]);
    expect(watched(await first.next(watchlistEvents))).toEqual([{ name: "online", user_ids: [two] }]);
    await first.close();
    expect(watched(await second.next(watchlistEvents))).toEqual([{ name: "offline", user_ids: [one] }]);
    await second.close();
  });

  test("[WATCH2] a second connection of a user is no news, nor is the end of one of two", async () => {
    const [watcher, user] = [freshUser(), freshUser()];
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => RawClient.connect(server.port)));
    await first?.signIn({ id: watcher, watchlist: [user] });
    await second?.signIn({ id: user });
    await third?.signIn({ id: user });
    await second?.close();
    await first?.settled();
    expect(await first?.settled()).toEqual([]);
    await third?.close();
    const frame = await first?.next(watchlistEvents);
    expect(frame && watched(frame)).toEqual([{ name: "offline", user_ids: [user] }]);
    await first?.close();
  });

  test("[WATCH3] [CLOSE3] the first hundred are watched, and 4302 says that there were more", async () => {
    const client = await RawClient.connect(server.port);
    const watchlist = Array.from({ length: 101 }, (_, index) => `w${index}`);
    await client.signIn({ id: freshUser(), watchlist });
    expect((await client.error()).code).toBe(4302);
    expect(watched(await client.next(watchlistEvents))).toEqual([
      { name: "offline", user_ids: watchlist.slice(0, 100) },
    ]);
    const unwatched = await RawClient.connect(server.port);
    await unwatched.signIn({ id: "w100" });
    expect(await client.settled()).toEqual([]);
    await Promise.all([client.close(), unwatched.close()]);
  });

  test("[WATCH4] an app that has not turned them on sends none", async () => {
    const client = await RawClient.connect(server.port, { path: "/app/unwatched?protocol=7" });
    const userData = JSON.stringify({ id: "1", watchlist: ["2"] });
    const auth = userAuth(client.socketId, userData).replace("app-key", "unwatched");
    client.send({ event: "pusher:signin", data: { auth, user_data: userData } });
    await client.next("pusher:signin_success");
    expect(await client.settled()).toEqual([]);
    await client.close();
  });
});

describe("authorized connections", () => {
  const path = "/app/guarded?protocol=7";
  const subscribe = async (client: RawClient, channel: string): Promise<void> => {
    const auth = `guarded:${hmac(`${client.socketId}:${channel}`)}`;
    client.send({ event: "pusher:subscribe", data: { channel, auth } });
    await client.next("pusher_internal:subscription_succeeded", channel);
  };

  test("[AUTH1] a connection that is on public channels alone is closed after the time-out", async () => {
    const client = await RawClient.connect(server.port, { path });
    await subscribe(client, "public");
    clock.advance(29_000);
    await client.settled();
    clock.advance(2_000);
    expect(await client.closed).toEqual({ code: 4009, reason: "Connection not authorized within timeout" });
  });

  test("[AUTH1] [AUTH2] a private channel or a sign-in in time is enough for good, and counts towards the quota", async () => {
    const waiting = await RawClient.connect(server.port, { path });
    const client = await RawClient.connect(server.port, { path });
    await subscribe(client, "private-a");
    client.unsubscribe("private-a");
    clock.advance(31_000);
    expect((await waiting.closed).code).toBe(4009);
    await client.settled();
    const further = await RawClient.connect(server.port, { path });
    const userData = '{"id":"1"}';
    const auth = `guarded:${hmac(`${further.socketId}::user::${userData}`)}`;
    further.send({ event: "pusher:signin", data: { auth, user_data: userData } });
    expect((await further.closed).code).toBe(4004);
    await client.close();
  });
});
