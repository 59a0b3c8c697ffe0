import { startServer } from "@sealcast/server-testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { startServerWithBackend } from "../../fixtures/server-with-backend.ts";
import { Inbox } from "../../fixtures/inbox.ts";
import type { PusherClass } from "../../fixtures/pusher-js.ts";
import { PusherJsClient, pusherJsOptions } from "../pusher-js-client.ts";
import { credentials } from "../../fixtures/credentials.ts";

/** Registers what only the interface of `pusher-js` can express: users, members, counts and refusals. */
export async function pusherJsRows(name: string, Pusher: PusherClass): Promise<void> {
  const { server, backend } = await startServerWithBackend();

  /** A connected client of a user. */
  async function connect(user: string, more?: object): Promise<PusherJsClient> {
    const address = { serverPort: server.port, backendUrl: backend.url, user };
    const client = new PusherJsClient(new Pusher(credentials.key, pusherJsOptions(address, more)));
    onTestFinished(() => client.close());
    await client.connected();
    return client;
  }

  describe(`${name} as a user`, () => {
    test("[USER1] signs in, with the user's data as its backend signed it", async () => {
      const client = await connect("ada");
      const signedIn = bound(client.pusher.connection, "message");
      client.pusher.signin();
      await signedIn.next((message) => (message as { event: string }).event === "pusher:signin_success");
      await client.settled();
      expect(client.pusher.user.user_data).toMatchObject({ id: "ada", user_info: { name: "ADA" } });
    });

    test("[USER4] receives what the backend sends to the user, on each connection", async () => {
      const clients = [await connect("bob"), await connect("bob"), await connect("eve")];
      const inboxes = clients.map((client) => bound(client.pusher.user, "notice"));
      for (const client of clients) await signIn(client);
      await backend.pusher.sendToUser("bob", "notice", { n: 1 });
      expect(await inboxes[0]?.next()).toEqual({ n: 1 });
      expect(await inboxes[1]?.next()).toEqual({ n: 1 });
      await clients[2]?.settled();
      expect(inboxes[2]?.takeAll()).toEqual([]);
    });

    test("[USER6] is disconnected permanently when the backend terminates the user", async () => {
      const [client, other] = [await connect("mallory"), await connect("alice")];
      await signIn(client);
      await signIn(other);
      const states = bound(client.pusher.connection, "state_change");
      await backend.pusher.terminateUserConnections("mallory");
      expect(await states.next()).toEqual({ previous: "connected", current: "disconnected" });
      expect(other.pusher.connection.state).toBe("connected");
    });

    test("[WATCH1] [WATCH2] gets events when users of its watchlist come online and go offline", async () => {
      const watcher = await connect("watcher", { watchlist: "friend,stranger" });
      const online = bound(watcher.pusher.user.watchlist, "online");
      const offline = bound(watcher.pusher.user.watchlist, "offline");
      await signIn(watcher);
      expect(await offline.next()).toEqual({ name: "offline", user_ids: ["friend", "stranger"] });
      const friend = await connect("friend");
      await signIn(friend);
      expect(await online.next()).toEqual({ name: "online", user_ids: ["friend"] });
      friend.close();
      expect(await offline.next()).toEqual({ name: "offline", user_ids: ["friend"] });
    });
  });

  describe(`${name} on a presence channel`, () => {
    test("[PRES1] [PRES2] [PRES4] knows the members, and gets an event for each that joins or leaves", async () => {
      const [ada, bob] = [await connect("ada"), await connect("bob")];
      const channel = ada.pusher.subscribe("presence-compat");
      const [added, removed] = [bound(channel, "pusher:member_added"), bound(channel, "pusher:member_removed")];
      await ada.watch(channel);
      expect(channel).toMatchObject({ members: { count: 1, me: { id: "ada", info: { name: "ADA" } } } });
      await bob.subscribe("presence-compat");
      expect(await added.next()).toEqual({ id: "bob", info: { name: "BOB" } });
      expect(channel).toMatchObject({ members: { count: 2 } });
      bob.close();
      expect(await removed.next()).toEqual({ id: "bob", info: { name: "BOB" } });
      expect(channel).toMatchObject({ members: { count: 1 } });
    });

    test("[CLIENT6] learns who sent a client event", async () => {
      const [ada, bob] = [await connect("ada"), await connect("bob")];
      await ada.subscribe("presence-senders");
      await bob.subscribe("presence-senders");
      ada.trigger("presence-senders", { x: 1 });
      expect(await bob.next("presence-senders", "client-move")).toMatchObject({ data: { x: 1 }, userId: "ada" });
    });
  });

  describe(`${name} on other channels`, () => {
    test("[CACHE1] [CACHE2] receives the cached event, or the cache miss", async () => {
      const client = await connect("ada");
      const empty = client.pusher.subscribe("cache-nothing");
      const misses = bound(empty, "pusher:cache_miss");
      await client.watch(empty);
      await client.settled();
      expect(misses.takeAll()).toHaveLength(1);
      await backend.pusher.trigger("private-encrypted-cache-compat", "news", { kept: true });
      await client.subscribe("private-encrypted-cache-compat");
      expect((await client.next("private-encrypted-cache-compat", "news")).data).toEqual({ kept: true });
    });

    test("[COUNT1] counts the subscribers", async () => {
      const [first, second] = [await connect("ada"), await connect("bob")];
      const channel = first.pusher.subscribe("counted");
      const counts = bound(channel, "pusher:subscription_count");
      await first.watch(channel);
      await second.subscribe("counted");
      expect(await counts.next()).toEqual({ subscription_count: 1 });
      expect(await counts.next()).toEqual({ subscription_count: 2 });
      expect(channel.subscriptionCount).toBe(2);
    });

    test("[CLIENT7] gets an error of the connection after too many client events, and stays connected", async () => {
      const client = await connect("ada");
      const errors = bound(client.pusher.connection, "error");
      await client.subscribe("private-flood");
      for (let index = 0; index < 11; index += 1) client.trigger("private-flood", { index });
      expect(await errors.next()).toMatchObject({ data: { code: 4301 } });
      await client.settled();
      expect(client.pusher.connection.state).toBe("connected");
    });
  });

  describe(`${name} at a server that refuses it`, () => {
    test("[CONN6] [CLOSE1] an unknown key stops it permanently", async () => {
      const options = pusherJsOptions({ serverPort: server.port, backendUrl: backend.url, user: "ada" });
      const pusher = new Pusher("unknown-key", options);
      const errors = bound(pusher.connection, "error");
      const states = bound(pusher.connection, "disconnected");
      await states.next();
      expect(await errors.next()).toMatchObject({ error: { data: { code: 4001 } } });
      expect(pusher.connection.state).toBe("disconnected");
    });

    test("[CLOSE6] [CLOSE1] a server that shuts down makes it come back at once", async () => {
      const other = await startServer({ settings: { drainSeconds: 1 } });
      const options = pusherJsOptions({ serverPort: other.port, backendUrl: backend.url, user: "ada" });
      const client = new PusherJsClient(new Pusher(credentials.key, options));
      onTestFinished(() => client.close());
      await client.connected();
      const messages = bound(client.pusher.connection, "error");
      const states = bound(client.pusher.connection, "state_change");
      await other.server.drain();
      expect(await messages.next()).toMatchObject({ data: { code: 4200 } });
      expect(await states.next()).toMatchObject({ previous: "connected", current: "connecting" });
    });
  });
}

/** Signs in and waits until the client is on its own channel. */
async function signIn(client: PusherJsClient): Promise<void> {
  client.pusher.signin();
  await client.pusher.user.signinDonePromise;
  await client.settled();
}

/** What arrives at one binding. */
function bound(
  target: { bind(event: string, callback: (data: unknown) => void): unknown },
  event: string,
): Inbox<unknown> {
  const inbox = new Inbox<unknown>();
  target.bind(event, (data) => inbox.put(data));
  return inbox;
}
