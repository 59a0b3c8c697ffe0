import { channelAuth, startServer, testApp, type TestServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dataOf, RawClient, type ServerFrame } from "../../fixtures/raw-client.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ apps: [testApp({ maxPresenceMembers: 3 })] });
});
afterAll(() => server.close());

let rooms = 0;
/** A channel that no other test uses. */
function room(prefix = "presence-"): string {
  rooms += 1;
  return `${prefix}${rooms}`;
}

function members(frames: readonly ServerFrame[]): [string, unknown][] {
  return frames.map((frame) => [frame.event.replace("pusher_internal:member_", ""), dataOf(frame)]);
}

describe("presence", () => {
  test.each(["presence-", "presence-cache-"])(
    "[PRES1] %s: the answer holds everybody, oneself included",
    async (prefix) => {
      const channel = room(prefix);
      const [ada, bob] = [await RawClient.connect(server.port), await RawClient.connect(server.port)];
      expect(await ada.join(channel, "ada", { name: "Ada" })).toEqual({
        presence: { ids: ["ada"], hash: { ada: { name: "Ada" } }, count: 1 },
      });
      expect(await bob.join(channel, "bob")).toEqual({
        presence: { ids: ["ada", "bob"], hash: { ada: { name: "Ada" }, bob: null }, count: 2 },
      });
      await Promise.all([ada.close(), bob.close()]);
    },
  );

  test("[PRES2] [PRES4] the others get an event for a user who joins or leaves, and no client gets one for itself", async () => {
    const channel = room();
    const [ada, bob] = [await RawClient.connect(server.port), await RawClient.connect(server.port)];
    await ada.join(channel, "ada");
    await bob.join(channel, "bob", { name: "Bob" });
    expect(members(await ada.settled())).toEqual([["added", { user_id: "bob", user_info: { name: "Bob" } }]]);
    expect(await bob.settled()).toEqual([]);
    bob.unsubscribe(channel);
    expect(await bob.settled()).toEqual([]);
    expect(members(await ada.settled())).toEqual([["removed", { user_id: "bob" }]]);
    await bob.join(channel, "bob");
    await ada.next("pusher_internal:member_added");
    bob.drop();
    expect(dataOf(await ada.next("pusher_internal:member_removed", channel))).toEqual({ user_id: "bob" });
    await ada.close();
  });

  test("[PRES3] [PRES4] [PRES5] the second tab of a user changes nothing, nor does the first one's end", async () => {
    const channel = room();
    const [ada, first, second] = await Promise.all([1, 2, 3].map(() => RawClient.connect(server.port)));
    await ada?.join(channel, "ada");
    await first?.join(channel, "bob", { tab: 1 });
    await ada?.next("pusher_internal:member_added");
    expect(await second?.join(channel, "bob", { tab: 2 })).toMatchObject({
      presence: { count: 2, hash: { bob: { tab: 1 } } },
    });
    first?.unsubscribe(channel);
    await first?.settled();
    expect(await ada?.settled()).toEqual([]);
    const late = await RawClient.connect(server.port);
    expect(await late.join(channel, "late")).toMatchObject({ presence: { hash: { bob: { tab: 2 } } } });
    await ada?.next("pusher_internal:member_added");
    await second?.close();
    expect(dataOf(await late.next("pusher_internal:member_removed"))).toEqual({ user_id: "bob" });
    await Promise.all([ada?.close(), first?.close(), late.close()]);
  });

  test("[PRES6] a number is its text", async () => {
    const channel = room();
    const [number, text] = [await RawClient.connect(server.port), await RawClient.connect(server.port)];
    expect(await number.subscribe(channel, '{"user_id":10}')).toMatchObject({ presence: { ids: ["10"] } });
    expect(await text.join(channel, "10")).toMatchObject({ presence: { count: 1 } });
    await Promise.all([number.close(), text.close()]);
  });

  test.each([
    ["[PRES7] none", undefined, 400],
    ["[PRES7] no JSON", "ada", 400],
    ["[PRES7] no object", '"ada"', 400],
    ["[PRES7] no id", "{}", 400],
    ["[PRES7] an empty id", '{"user_id":""}', 400],
    ["[PRES7] a long id", JSON.stringify({ user_id: "u".repeat(129) }), 400],
    ["[PRES6] a number that lost digits", '{"user_id":12345678901234567890}', 400],
    ["[PRES10] too much info", JSON.stringify({ user_id: "u", user_info: "x".repeat(1_023) }), 413],
  ])("%s refuses the subscription though its signature is right", async (_, channelData, status) => {
    const channel = room();
    const client = await RawClient.connect(server.port);
    client.sendSubscribe(channel, channelData);
    expect((await client.error()).code).toBeNull();
    const frame = await client.next("pusher:subscription_error", channel);
    expect(dataOf(frame)).toMatchObject({ status });
    expect(await client.settled()).toEqual([]);
    await client.close();
  });

  test("[PRES7] channel_data is not looked at before its signature is right", async () => {
    const channel = room();
    const client = await RawClient.connect(server.port);
    const auth = channelAuth(client.socketId, channel, '{"user_id":"bob"}');
    client.send({ event: "pusher:subscribe", data: { channel, auth, channel_data: "{}" } });
    expect((await client.error()).message).toMatch(/^Invalid signature/);
    await client.close();
  });

  test("[PRES8] a signed-in user needs no channel_data, and what is sent wins", async () => {
    const [own, other] = [room(), room()];
    const client = await RawClient.connect(server.port);
    await client.signIn({ id: "ada", user_info: { name: "Ada" } });
    expect(await client.subscribe(own)).toEqual({
      presence: { ids: ["ada"], hash: { ada: { name: "Ada" } }, count: 1 },
    });
    expect(await client.join(other, "nickname")).toMatchObject({ presence: { ids: ["nickname"] } });
    await client.close();
  });

  test("[PRES9] a full channel accepts no further user, but further connections of its members", async () => {
    const channel = room();
    const clients = await Promise.all([1, 2, 3, 4, 5].map(() => RawClient.connect(server.port)));
    const [one, two, three, four, five] = clients;
    await one?.join(channel, "1");
    await two?.join(channel, "2");
    await three?.join(channel, "3");
    four?.sendSubscribe(channel, '{"user_id":"4"}');
    expect((await four?.error())?.message).toMatch(/it has 3 members, as many as the app allows/);
    expect(await five?.join(channel, "3")).toMatchObject({ presence: { count: 3 } });
    one?.unsubscribe(channel);
    await one?.settled();
    await four?.settled();
    expect(await four?.join(channel, "4")).toMatchObject({ presence: { ids: ["2", "3", "4"], count: 3 } });
    await Promise.all(clients.map((client) => client.close()));
  });

  test("[PRES1] [FRAME8] ids that are names of object internals are ids", async () => {
    const channel = room();
    const [first, second] = [await RawClient.connect(server.port), await RawClient.connect(server.port)];
    await first.join(channel, "__proto__", { admin: false });
    expect(await second.join(channel, "constructor")).toMatchObject({
      presence: { ids: ["__proto__", "constructor"], count: 2 },
    });
    await first.close();
    expect(dataOf(await second.next("pusher_internal:member_removed"))).toEqual({ user_id: "__proto__" });
    await second.close();
  });
});
