import { channelAuth, userAuth } from "@sealcast/server-testing";
import { describeWithRedis } from "@sealcast/server-testing/redis";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { callApi, publish } from "../fixtures/api-request.ts";
import { credentials } from "../fixtures/credentials.ts";
import { localOptions, PusherJs } from "../fixtures/pusher-js.ts";
import { startServerCluster, type ServerCluster } from "./fixtures/server-cluster.ts";

/** A loaded machine takes its time. */
const polling = { timeout: 10_000 };

describeWithRedis("official clients on three servers that share one Redis", () => {
  let cluster: ServerCluster;
  beforeAll(async () => {
    cluster = await startServerCluster(3);
  }, 120_000);
  afterAll(() => cluster.close());

  /** A client of `pusher-js` on one of the servers; the user is also its member on presence channels. */
  function connect(server: number, userId: string, watchlist: readonly string[] = []): PusherJs {
    const client = new PusherJs(credentials.key, {
      ...localOptions(portOf(server)),
      channelAuthorization: {
        endpoint: "",
        transport: "ajax",
        customHandler({ socketId, channelName }, done) {
          const channelData = JSON.stringify({ user_id: userId });
          const isPresence = channelName.startsWith("presence-");
          const auth = channelAuth(socketId, channelName, isPresence ? channelData : undefined);
          done(null, isPresence ? { auth, channel_data: channelData } : { auth });
        },
      },
      userAuthentication: {
        endpoint: "",
        transport: "ajax",
        customHandler({ socketId }, done) {
          const userData = JSON.stringify({ id: userId, watchlist });
          done(null, { auth: userAuth(socketId, userData), user_data: userData });
        },
      },
    });
    onTestFinished(() => client.disconnect());
    return client;
  }

  const portOf = (server: number): number => cluster.servers[server]?.port ?? 0;

  const read = async (server: number, path: string): Promise<unknown> =>
    JSON.parse((await callApi(portOf(server), { method: "GET", path })).body) as unknown;

  test("[OCC1] [OCC5] members come and go for everybody, on whatever server", async () => {
    const ada = connect(0, "ada").subscribe("presence-room");
    await expect.poll(() => ada.subscribed, polling).toBe(true);
    const added = collect(ada, "pusher:member_added");
    const removed = collect(ada, "pusher:member_removed");
    const bob = connect(1, "bob");
    const bobAgain = connect(2, "bob");
    const room = bob.subscribe("presence-room");
    const roomAgain = bobAgain.subscribe("presence-room");
    await expect.poll(() => room.subscribed && roomAgain.subscribed, polling).toBe(true);
    expect(added).toMatchObject([{ id: "bob" }]);
    expect(await read(2, "/channels/presence-room/users")).toEqual({ users: [{ id: "ada" }, { id: "bob" }] });
    bob.disconnect();
    await expect
      .poll(() => read(0, "/channels/presence-room/stats"), polling)
      .toEqual({ occupied: true, user_count: 2, connection_count: 2 });
    expect(removed).toEqual([]);
    bobAgain.disconnect();
    await expect.poll(() => removed, polling).toMatchObject([{ id: "bob" }]);
  });

  test("[BROKER1] an event reaches subscribers on all servers once, except the excluded socket", async () => {
    const clients = [0, 1, 2].map((server) => connect(server, `user-${server}`));
    const channels = clients.map((client) => client.subscribe("news"));
    await expect.poll(() => channels.every(({ subscribed }) => subscribed), polling).toBe(true);
    const received = channels.map((channel) => collect(channel, "flash"));
    for (let index = 0; index < 30; index += 1) await publish(portOf(index % 3), "news", "flash", String(index));
    const all = Array.from({ length: 30 }, (_, index) => index);
    await expect.poll(() => received, polling).toEqual([all, all, all]);
    await publish(portOf(0), "news", "flash", "30", { socket_id: clients[1]?.connection.socket_id });
    await expect.poll(() => received.map((list) => list.length), polling).toEqual([31, 30, 31]);
  });

  test("[CACHE1] a subscriber gets the last event of a cache channel that another server has accepted", async () => {
    await publish(portOf(0), "cache-prices", "price", "7");
    const received = collect(connect(1, "ada").subscribe("cache-prices"), "price");
    await expect.poll(() => received, polling).toEqual([7]);
  });

  test("[USER3] a user is online once, and terminated everywhere", async () => {
    const watcher = connect(0, "watcher", ["eve"]);
    watcher.signin();
    const online = collect(watcher.user.watchlist, "online");
    const offline = collect(watcher.user.watchlist, "offline");
    await expect.poll(() => watcher.user.user_data !== null, polling).toBe(true);
    const eves = [1, 2].map((server) => connect(server, "eve"));
    for (const eve of eves) eve.signin();
    await expect.poll(() => eves.every(({ user }) => user.user_data !== null), polling).toBe(true);
    await expect.poll(() => online, polling).toMatchObject([{ user_ids: ["eve"] }]);
    await callApi(portOf(0), { path: "/users/eve/terminate_connections" });
    await expect
      .poll(() => eves.map(({ connection }) => connection.state), polling)
      .toEqual(["disconnected", "disconnected"]);
    // The first one said at the sign-in of the watcher that the user was not there.
    await expect.poll(() => offline, polling).toMatchObject([{ user_ids: ["eve"] }, { user_ids: ["eve"] }]);
  });
});

/** Collects what an event of a channel or client brings. */
function collect(
  source: { bind(event: string, listener: (data: unknown) => void): unknown },
  event: string,
): unknown[] {
  const found: unknown[] = [];
  source.bind(event, (data) => found.push(data));
  return found;
}
