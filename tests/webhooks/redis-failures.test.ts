// cspell:ignore appendfsync
import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import {
  describeWithRedis,
  startRedis,
  startRedisCluster,
  startSentinel,
  type RedisProcess,
} from "@sealcast/server-testing/redis";
import type { ServerSettings } from "@sealcast/server";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { RawClient } from "../fixtures/raw-client.ts";
import { WebhookReceiver } from "../fixtures/webhook-receiver.ts";
import { webhook } from "./webhook-server.ts";

const patience = { timeout: 40_000, interval: 100 };
let receiver: WebhookReceiver;

beforeEach(async () => {
  receiver = await WebhookReceiver.start();
  onTestFinished(() => receiver.close());
});

/** Starts two servers that share Redis, with a webhook for client events and channels. */
async function startPair(settings: Partial<ServerSettings>): Promise<readonly [TestServer, TestServer]> {
  const events = ["client_event", "channel_occupied", "channel_vacated"] as const;
  const app = testApp({ webhooks: [webhook(receiver.url(), { events: [...events] })], clientEventsPerSecond: 10_000 });
  const start = async (): Promise<TestServer> => {
    const server = await startServer({
      apps: [app],
      settings: { engine: "redis", engineLeaseSeconds: 4, allowPrivateWebhookTargets: true, ...settings },
    });
    onTestFinished(() => server.close());
    return server;
  };
  return [await start(), await start()];
}

/** Sends client events on a channel of its own from each server, and resolves when all of them are in the queue. */
async function sendFrom(servers: readonly TestServer[], first: number, count: number): Promise<void> {
  for (const [number, { port }] of servers.entries()) {
    const client = await RawClient.connect(port);
    onTestFinished(() => client.drop());
    await client.subscribe(`private-${number}`);
    for (let index = first; index < first + count; index += 1) {
      client.send({ event: `client-${index}`, channel: `private-${number}`, data: String(index) });
    }
    await client.settled();
    const last = `private-last-${number}-${first}`;
    await client.subscribe(last);
    // Events of a server are accepted in order: when this one was tried, all others are in Redis.
    await receiver.next(({ channel }) => channel === last);
  }
}

/** The names of the client events on a channel, each once, in the order of their first delivery. */
function eventsOf(channel: string): readonly string[] {
  const events = receiver.events.filter((event) => event.channel === channel && event.name === "client_event");
  return [...new Set(events.map(({ event }) => String(event)))];
}

function names(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `client-${first + index}`);
}

/** Whatever came twice has the same id and the same bytes. */
function expectSameBytes(): void {
  const bodies = new Map<string, string>();
  for (const { id, rawBody } of receiver.received) {
    expect(bodies.get(id) ?? rawBody).toBe(rawBody);
    bodies.set(id, rawBody);
  }
}

/**
 * Has both servers accept events, of which the first wait while `fail` happens, and waits until all are delivered in order.
 * Returns what is missing then.
 */
async function lostOver(servers: readonly TestServer[], fail: () => Promise<void>): Promise<string[]> {
  receiver.answer = () => 500;
  await sendFrom(servers, 0, 20);
  await fail();
  receiver.answer = () => 200;
  for (const number of servers.keys()) {
    await expect.poll(() => eventsOf(`private-${number}`), patience).toEqual(names(0, 20));
  }
  await ready(servers);
  await sendFrom(servers, 20, 5);
  for (const number of servers.keys()) {
    await expect.poll(() => eventsOf(`private-${number}`), patience).toEqual(names(0, 25));
  }
  expectSameBytes();
  return [...servers.keys()].flatMap((number) => {
    const delivered = new Set(eventsOf(`private-${number}`));
    return names(0, 25).filter((name) => !delivered.has(name));
  });
}

async function ready(servers: readonly TestServer[]): Promise<void> {
  for (const { url } of servers) {
    await expect.poll(() => fetch(`${url}/health/ready`).then(({ status }) => status), patience).toBe(200);
  }
}

async function startRedisFor(...settings: readonly string[]): Promise<RedisProcess> {
  const redis = await startRedis(settings);
  onTestFinished(() => redis.stop());
  return redis;
}

describeWithRedis("webhooks that wait in Redis", () => {
  test("[WHQ1] are delivered after kill -9 of a Redis that keeps its data, in order, twice only with the same id and bytes", async () => {
    const redis = await startRedisFor("--appendonly", "yes", "--appendfsync", "always");
    const servers = await startPair({ engineUrl: redis.url });
    await expect(lostOver(servers, () => redis.restart())).resolves.toEqual([]);
  }, 90_000);

  test("[WHQ1] are delivered after a fail-over to a replica", async () => {
    const sentinel = await startSentinel();
    onTestFinished(() => sentinel.stop());
    const [primary] = sentinel.servers;
    const replicated = (): Promise<unknown> => primary.command("wait", "1", "30000");
    await replicated();
    const servers = await startPair({ engineUrl: sentinel.url, engineSentinelPrimary: sentinel.primary });
    await expect(lostOver(servers, () => replicated().then(() => primary.kill()))).resolves.toEqual([]);
  }, 90_000);

  test("[WHQ1] are delivered from Redis Cluster", async () => {
    const masters = await startRedisCluster();
    onTestFinished(async () => {
      for (const master of masters) await master.stop();
    });
    const servers = await startPair({ engineUrl: masters[0].url, engineCluster: true });
    await expect(lostOver(servers, () => Promise.resolve())).resolves.toEqual([]);
  }, 90_000);

  test("are gone with a Redis that loses its data; later ones are delivered, and a channel that stayed is vacated once", async () => {
    const redis = await startRedisFor();
    const servers = await startPair({ engineUrl: redis.url });
    const staying = await RawClient.connect(servers[1].port);
    await staying.subscribe("stays");
    await receiver.next(({ channel }) => channel === "stays");
    receiver.answer = () => 500;
    await sendFrom(servers, 0, 20);
    await redis.restart();
    receiver.answer = () => 200;
    await ready(servers);
    await sendFrom(servers, 20, 5);
    for (const number of servers.keys()) {
      await expect.poll(() => eventsOf(`private-${number}`).slice(-5), patience).toEqual(names(20, 5));
    }
    staying.drop();
    const reports = (): readonly string[] =>
      receiver.events.filter(({ channel }) => channel === "stays").map(({ name }) => name);
    await expect.poll(() => reports().at(-1), patience).toBe("channel_vacated");
    expect(reports().filter((name) => name === "channel_vacated")).toHaveLength(1);
    expectSameBytes();
  }, 90_000);
});
