import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import { describeWithRedis, startRedis, type RedisProcess } from "@sealcast/server-testing/redis";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { publish, send } from "../fixtures/api-request.ts";
import { dataOf, RawClient, type ServerFrame } from "../fixtures/raw-client.ts";
import { startBreakableLink, type BreakableLink } from "./fixtures/breakable-link.ts";

const app = testApp({ history: [{ prefix: "orders", size: 20, ttlSeconds: 60 }], subscriptionCount: false });
const watchlistEvents = "pusher_internal:watchlist_events";

describeWithRedis("[BROKER2] a server whose connection to Redis is cut", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  /** Two servers: the first one has a network to Redis that a test can break. */
  async function start(): Promise<{ link: BreakableLink; cut: TestServer; other: TestServer }> {
    const link = await startBreakableLink(redis.port);
    const settings = (port: number): object => ({
      engine: "redis",
      engineUrl: `redis://127.0.0.1:${port}`,
      enginePrefix: `test-${link.port}`,
      engineLeaseSeconds: 30,
    });
    const cut = await startServer({ apps: [app], settings: settings(link.port) });
    const other = await startServer({ apps: [app], settings: settings(redis.port) });
    onTestFinished(async () => {
      await cut.close();
      await other.close();
      await link.close();
    });
    return { link, cut, other };
  }

  test("delivers kept events once it is back, in their order", async () => {
    const { link, cut, other } = await start();
    const received = await subscribe(cut, "orders");
    await publish(other.port, "orders", "paid", "1");
    await expect.poll(() => received).toEqual(["1", "(1)"]);
    link.cut();
    for (const data of ["2", "3", "4"]) await publish(other.port, "orders", "paid", data);
    link.mend();
    // Published while the server takes up its work again.
    await publish(other.port, "orders", "paid", "5");
    await expect.poll(() => isReady(cut), { timeout: 10_000 }).toBe(true);
    await publish(cut.port, "orders", "paid", "6");
    const all = ["1", "2", "3", "4", "5", "6"].flatMap((number) => [number, `(${number})`]);
    await expect.poll(() => received, { timeout: 5_000 }).toEqual(all);
  });

  test("tells connections if events are no longer kept, and goes on", async () => {
    const { link, cut, other } = await start();
    const received = await subscribe(cut, "orders");
    link.cut();
    for (let number = 1; number <= 30; number += 1) await publish(other.port, "orders", "paid", String(number));
    link.mend();
    await expect.poll(() => isReady(cut), { timeout: 10_000 }).toBe(true);
    await publish(other.port, "orders", "paid", "31");
    await expect.poll(() => received, { timeout: 5_000 }).toEqual(["(30 false)", "31", "(31)"]);
  });

  test("loses what was published meanwhile on channels that keep nothing", async () => {
    const { link, cut, other } = await start();
    const received = await subscribe(cut, "news");
    link.cut();
    await publish(other.port, "news", "paid", "1");
    link.mend();
    await expect.poll(() => isReady(cut), { timeout: 10_000 }).toBe(true);
    await publish(other.port, "news", "paid", "2");
    await expect.poll(() => received, { timeout: 5_000 }).toEqual(["2"]);
  });

  test("[WATCH5] tells watchers what they have missed", async () => {
    const { link, cut, other } = await start();
    const watcher = await RawClient.connect(cut.port);
    const [leaves, comes, stays] = [
      await RawClient.connect(other.port),
      await RawClient.connect(other.port),
      await RawClient.connect(other.port),
    ];
    onTestFinished(() => [watcher, comes, stays].forEach((client) => client.drop()));
    await leaves.signIn({ id: "leaves" });
    await stays.signIn({ id: "stays" });
    await watcher.signIn({ id: "watcher", watchlist: ["leaves", "comes", "stays"] });
    expect(watchedIn(await watcher.next(watchlistEvents))).toEqual([
      { name: "offline", user_ids: ["comes"] },
      { name: "online", user_ids: ["leaves", "stays"] },
    ]);
    link.cut();
    await expect.poll(() => isReady(cut), { timeout: 10_000 }).toBe(false);
    await leaves.close();
    await comes.signIn({ id: "comes" });
    link.mend();
    const changes = [await watcher.next(watchlistEvents), await watcher.next(watchlistEvents)].flatMap(watchedIn);
    expect(changes).toEqual([
      { name: "offline", user_ids: ["leaves"] },
      { name: "online", user_ids: ["comes"] },
    ]);
    expect(await watcher.settled()).toEqual([]);
  });
});

describeWithRedis("[BROKER2] a server whose Redis becomes a replica", () => {
  test("goes on with the new primary once the address leads there, although no connection was closed", async () => {
    const [first, second] = [await startRedis(), await startRedis()];
    const link = await startBreakableLink(first.port);
    const settings = { engine: "redis", engineUrl: `redis://127.0.0.1:${link.port}`, engineLeaseSeconds: 3 } as const;
    const server = await startServer({ apps: [app], settings });
    onTestFinished(async () => {
      await server.close();
      await link.close();
      await Promise.all([first.stop(), second.stop()]);
    });
    const received = await subscribe(server, "news");
    link.lead(second.port);
    await first.command("replicaof", "127.0.0.1", String(second.port));
    await expect.poll(() => second.hasKey("*"), { timeout: 10_000 }).toBe(true);
    await expect.poll(() => isReady(server), { timeout: 10_000 }).toBe(true);
    await publish(server.port, "news", "paid", "1");
    await expect.poll(() => received, { timeout: 5_000 }).toEqual(["1"]);
  }, 60_000);
});

/** A client of the server that is cut, which asked for positions, and what it has received since. */
async function subscribe({ port }: TestServer, channel: string): Promise<string[]> {
  const client = await RawClient.connect(port);
  await client.subscribe(channel);
  client.send({ event: "sealcast:recover", channel, data: {} });
  await client.next("pusher_internal:position");
  const received: string[] = [];
  client.socket.on("message", (text: Buffer) => {
    const frame = JSON.parse(text.toString()) as ServerFrame;
    if (frame.event === "paid") received.push(String(frame.data));
    if (frame.event !== "pusher_internal:position") return;
    const { offset, recovered } = dataOf(frame) as { offset?: number; recovered?: boolean };
    received.push(`(${offset}${recovered === undefined ? "" : ` ${recovered}`})`);
  });
  onTestFinished(() => client.drop());
  return received;
}

function watchedIn(frame: ServerFrame): readonly unknown[] {
  return (dataOf(frame) as { events: readonly unknown[] }).events;
}

async function isReady({ port }: TestServer): Promise<boolean> {
  return (await send(port, "GET", "/health/ready")).status === 200;
}
