// Clients whose connections are cut again and again, while a backend publishes.
import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import { describeWithRedis, startRedis } from "@sealcast/server-testing/redis";
import { describe, expect, onTestFinished, test } from "vitest";
import { startAppBackend } from "../fixtures/app-backend.ts";
import { RecoveringClient, recoveringLibraries } from "../fixtures/recovering-client.ts";
import { SeededRandom } from "../fixtures/seeded-random.ts";
import { startTcpProxy } from "../fixtures/tcp-proxy.ts";

const channels = ["orders", "private-encrypted-orders"] as const;
const rounds = 2;
const eventsPerRound = 60;
const app = testApp({ history: [{ prefix: "", size: 1_000, ttlSeconds: 60 }] });

const numbers = Array.from({ length: rounds * eventsPerRound }, (_, number) => number);
const complete = {
  events: { orders: numbers, "private-encrypted-orders": numbers },
  outcomes: Object.fromEntries(
    channels.map((name) => [name, Array.from({ length: rounds }, () => "pusher:recovered")]),
  ),
};
const everything = Object.keys(recoveringLibraries).map((name) => ({ name, ...complete }));

/** Cuts clients of all libraries while events are published, and returns what each has received. */
async function received(servers: readonly [TestServer, ...TestServer[]]): Promise<readonly object[]> {
  const random = new SeededRandom();
  console.log(`recovery: SEED=${random.seed}`);
  const [first, ...others] = servers.map(({ port }) => port);
  const backend = await startAppBackend(first ?? 0);
  const clients = await Promise.all(
    Object.keys(recoveringLibraries).map(
      async (name) => new RecoveringClient(name, await startTcpProxy(first ?? 0, ...others), backend.url, channels),
    ),
  );
  onTestFinished(async () => {
    for (const client of clients) await client.close();
    await backend.close();
  });
  for (let round = 0; round < rounds; round += 1) {
    const isBack = (client: RecoveringClient): boolean => client.isSubscribed && hasRecovered(client, round);
    await expect.poll(() => clients.every(isBack), { timeout: 15_000 }).toBe(true);
    const cuts = new Map(clients.map((client) => [client, random.below(eventsPerRound)]));
    for (let index = 0; index < eventsPerRound; index += 1) {
      const number = round * eventsPerRound + index;
      const published = channels.map((channel) => backend.pusher.trigger(channel, "paid", { number }));
      for (const client of clients) if (cuts.get(client) === index) client.cut();
      await Promise.all(published);
    }
  }
  await expect.poll(() => clients.every(isDone), { timeout: 15_000 }).toBe(true);
  return clients.map(({ name, events, outcomes }) => ({ name, events, outcomes }));
}

function isDone(client: RecoveringClient): boolean {
  return hasRecovered(client, rounds) && channels.every((name) => (client.events[name]?.length ?? 0) >= numbers.length);
}

function hasRecovered({ outcomes }: RecoveringClient, times: number): boolean {
  return channels.every((name) => (outcomes[name]?.length ?? 0) >= times);
}

describe("[REC2] clients that are cut off again and again receive every event once, in order", () => {
  test("from one server", { timeout: 60_000 }, async () => {
    const server = await startServer({ apps: [app] });
    onTestFinished(() => server.close());
    expect(await received([server])).toEqual(everything);
  });

  describeWithRedis("from two servers in turn", () => {
    test("that share one Redis", { timeout: 60_000 }, async () => {
      const redis = await startRedis();
      onTestFinished(() => redis.stop());
      const settings = { engine: "redis", engineUrl: redis.url } as const;
      const servers = [
        await startServer({ apps: [app], settings }),
        await startServer({ apps: [app], settings }),
      ] as const;
      onTestFinished(async () => {
        for (const server of servers) await server.close();
      });
      expect(await received(servers)).toEqual(everything);
    });
  });
});
