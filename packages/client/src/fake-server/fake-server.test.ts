import { expect, test } from "vitest";
import { Sealcast, whenConnected, whenSignedIn, whenSubscribed } from "../index.ts";
import { FakeServer } from "./index.ts";

const received = (
  channel: { bind(event: string, listener: (data: unknown) => void): unknown },
  event: string,
): Promise<unknown> => new Promise((resolve) => channel.bind(event, resolve));

test.each(["news", "private-a", "private-encrypted-a", "cache-a", "presence-a"])(
  "an event on %s arrives",
  async (name) => {
    const server = new FakeServer();
    const client = new Sealcast("key", server.options());
    const channel = await whenSubscribed(client.subscribe(name));
    const event = received(channel, "e");
    await server.publish(name, "e", { n: 1 });
    expect(await event).toEqual({ n: 1 });
    expect(server.subscribers(name)).toBe(1);
    client.unsubscribe(name);
    await expect.poll(() => server.subscribers(name)).toBe(0);
    client.disconnect();
  },
);

test("members come and go, and client events name their sender", async () => {
  const server = new FakeServer();
  const [ada, bob] = [
    new Sealcast("key", server.options({ id: "ada", info: 1 })),
    new Sealcast("key", server.options({ id: "bob" })),
  ];
  const room = await whenSubscribed(ada.subscribe("presence-room"));
  const added = received(room, "pusher:member_added");
  const theirs = await whenSubscribed(bob.subscribe("presence-room"));
  expect(await added).toEqual({ id: "bob" });
  expect([room.members.count, room.members.me]).toEqual([2, { id: "ada", info: 1 }]);
  const sender = new Promise((resolve) => room.bind("client-hi", (_, { user_id }) => resolve(user_id)));
  theirs.trigger("client-hi", {});
  expect(await sender).toBe("bob");
  const removed = received(room, "pusher:member_removed");
  bob.disconnect();
  expect(await removed).toMatchObject({ id: "bob" });
  ada.disconnect();
});

test("a test refuses, cuts and signs in", async () => {
  const server = new FakeServer();
  const client = new Sealcast("key", { ...server.options({ id: "ada" }), log: false });
  server.refuse("private-a", "no");
  await expect(whenSubscribed(client.subscribe("private-a"))).rejects.toMatchObject({ code: "refused", message: "no" });
  client.signin();
  expect(await whenSignedIn(client)).toMatchObject({ id: "ada" });
  const { socket_id: before } = client.connection;
  server.accept("private-a");
  server.cut();
  expect(client.connection.state).toBe("connecting");
  expect(await whenConnected(client)).not.toBe(before);
  await whenSubscribed(client.subscribe("private-a"));
  client.disconnect();
});

test("a cache channel starts with its last event, or with a miss", async () => {
  const server = new FakeServer();
  const client = new Sealcast("key", server.options());
  await received(client.subscribe("cache-a"), "pusher:cache_miss");
  await server.publish("cache-b", "e", 7);
  expect(await received(client.subscribe("cache-b"), "e")).toBe(7);
  client.disconnect();
});
