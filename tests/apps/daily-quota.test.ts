import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import { describeWithRedis, startRedis, type RedisProcess } from "@sealcast/server-testing/redis";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { callApi } from "../fixtures/api-request.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { AdminClient, adminToken } from "./admin-client.ts";

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function start(messagesPerDay: number, engine: object = {}): Promise<TestServer> {
  const apps = [testApp({ messagesPerDay, clientEvents: true, subscriptionCount: false })];
  const server = await startServer({ apps, settings: { adminToken, ...engine } });
  servers.push(server);
  return server;
}

/** Publishes on the channel of the clients, and returns the status of the answer. */
async function publish({ port }: TestServer, name: string): Promise<number> {
  const body = { name, channel: "private-a", data: "{}" };
  return (await callApi(port, { path: "/events", body })).status;
}

/** What the app has used, as a node says when it has written its own counts. */
function usageAt({ url }: TestServer): Promise<unknown> {
  return new AdminClient(url).call("GET", "/admin/apps/1001/usage");
}

/** A client on a channel that carries client events. */
async function subscriber({ port }: TestServer): Promise<RawClient> {
  const client = await RawClient.connect(port);
  await client.subscribe("private-a");
  return client;
}

test("[CLIENT10] client events count, and are dropped with 4301 when the messages of the day are used; the connection stays", async () => {
  const server = await start(3);
  const [sender, other] = [await subscriber(server), await subscriber(server)];
  // The event and its delivery are two messages.
  sender.send({ event: "client-1", channel: "private-a", data: "1" });
  await other.next("client-1");
  sender.send({ event: "client-2", channel: "private-a", data: "2" });
  await other.next("client-2");
  sender.send({ event: "client-3", channel: "private-a", data: "3" });
  expect(await sender.error()).toEqual({
    code: 4301,
    message: expect.stringMatching(/^Client event dropped: The app has used its 3 messages of today/) as unknown,
  });
  expect((await other.settled()).filter(({ event }) => event.startsWith("client-"))).toEqual([]);
  expect(await publish(server, "e")).toBe(429);
  await sender.subscribe("private-b");
  for (const client of [sender, other]) client.drop();
});

describeWithRedis("the messages of the day of a cluster", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  test("[CLIENT10] what one node sends counts on the other, for publishes and client events", async () => {
    const engine = { engine: "redis", engineUrl: redis.url, enginePrefix: "quota" };
    const [first, second] = [await start(20, engine), await start(20, engine)];
    const client = await subscriber(second);
    // Each of them and its delivery on the other node are two messages.
    for (let count = 0; count < 10; count += 1) {
      expect(await publish(first, `e-${count}`)).toBe(200);
      await client.next(`e-${count}`);
    }
    // A node learns the sum when it writes what it has counted: every 10 seconds, and when it is asked.
    expect(await usageAt(first)).toMatchObject({ days: [{ messages: 10 }] });
    expect(await usageAt(second)).toMatchObject({ days: [{ messages: 20 }] });
    expect(await publish(second, "late")).toBe(429);
    client.send({ event: "client-late", channel: "private-a", data: "1" });
    expect((await client.error()).code).toBe(4301);
    // The first node has not read what the second one counted since: one event passes.
    expect(await publish(first, "one-more")).toBe(200);
    expect(await usageAt(first)).toMatchObject({ days: [{ messages: 21 }] });
    expect(await publish(first, "late")).toBe(429);
    client.drop();
  }, 60_000);
});
