import { hmac, startServer, testApp, type TestServer, userAuth } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callApi, publish } from "../../fixtures/api-request.ts";
import { dataOf, RawClient } from "../../fixtures/raw-client.ts";
import { credentials } from "../../fixtures/credentials.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ apps: [testApp({ subscriptionCount: false })] });
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
    ["another secret", '{"id":"1"}', (id, data) => `app-key:${hmac("other", `${id}::user::${data}`)}`],
    ["another key", '{"id":"1"}', (id, data) => userAuth(id, data).replace("app-key", "other")],
    ["another connection's signature", '{"id":"1"}', (_, data) => userAuth("1.1", data)],
    ["another user's signature", '{"id":"1"}', (id) => userAuth(id, '{"id":"2"}')],
    ["a channel's signature", '{"id":"1"}', (id, data) => `app-key:${hmac(credentials.secret, `${id}:${data}`)}`],
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
    await Promise.all([owner, second, other, nobody].map(async (client) => client?.close()));
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
