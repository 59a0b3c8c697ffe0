import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import { describeWithRedis, startRedis, type RedisProcess } from "@sealcast/server-testing/redis";
import { afterAll, beforeAll, test } from "vitest";
import { RawClient } from "../fixtures/raw-client.ts";
import { SealcastProcess } from "../fixtures/sealcast-process.ts";
import { WebhookReceiver } from "../fixtures/webhook-receiver.ts";
import { webhook } from "./webhook-server.ts";

describeWithRedis("webhooks of a cluster", () => {
  let redis: RedisProcess;

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  function startNode(receiver: WebhookReceiver): Promise<TestServer> {
    const engine = { engine: "redis", engineUrl: redis.url, enginePrefix: "reload" } as const;
    return startServer({
      apps: [testApp({ webhooks: [webhook(receiver.url())], subscriptionCount: false })],
      settings: { ...engine, allowPrivateWebhookTargets: true },
    });
  }

  // Each test has a cluster of its own; they wait at the same time.
  test.concurrent("[HOOK4] a reload onto another node sends nothing, and everything else is sent once", async ({
    expect,
    onTestFinished,
  }) => {
    const receiver = await WebhookReceiver.start();
    onTestFinished(() => receiver.close());
    const [first, second] = [await startNode(receiver), await startNode(receiver)];
    const before = await RawClient.connect(second.port);
    await before.join("presence-room", "ada");
    await receiver.next(({ name }) => name === "member_added");
    before.drop();
    await before.closed;
    const after = await RawClient.connect(first.port);
    await after.join("presence-room", "ada");
    const other = await RawClient.connect(second.port);
    await other.subscribe("other");
    // This comes after everything that the reload could have caused.
    other.unsubscribe("other");
    await receiver.next(({ name }) => name === "channel_vacated");
    const namesOf = (channel: string): readonly string[] =>
      receiver.events.filter((event) => event.channel === channel).map(({ name }) => name);
    expect(namesOf("presence-room").toSorted()).toEqual(["channel_occupied", "member_added"]);
    expect(namesOf("other")).toEqual(["channel_occupied", "channel_vacated"]);
    after.drop();
    await receiver.next(({ name }) => name === "member_removed");
    other.drop();
    await first.close();
    await second.close();
  }, 60_000);

  test.concurrent("[WHQ1 WHQ11] what both nodes accepted is delivered after kill -9 of the one that sends, in order per channel", async ({
    expect,
    onTestFinished,
  }) => {
    const receiver = await WebhookReceiver.start();
    onTestFinished(() => receiver.close());
    const folder = mkdtempSync(join(tmpdir(), "sealcast-cluster-hooks-"));
    const file = join(folder, "sealcast.json");
    const app = { id: "1001", key: "app-key", secret: "app-secret", clientEvents: true, clientEventsPerSecond: 1_000 };
    const apps = [{ ...app, webhooks: [{ url: receiver.url(), events: ["client_event"] }] }];
    const engine = { kind: "redis", url: redis.url, prefix: "killed" };
    writeFileSync(file, JSON.stringify({ apps, engine, allowPrivateWebhookTargets: true, drainSeconds: 0 }));
    const [sending, sendingPort] = await SealcastProcess.start(["--config", file]);
    const [staying, stayingPort] = await SealcastProcess.start(["--config", file]);
    const clients = [await RawClient.connect(sendingPort), await RawClient.connect(stayingPort)];
    // Before the kill nothing is delivered: every other request fails, and the others are not answered.
    let requests = 0;
    receiver.answer = () => ((requests += 1) % 2 === 0 ? 500 : undefined);
    for (const [number, client] of clients.entries()) {
      await client.subscribe(`private-${number}`);
      for (let index = 0; index < 50; index += 1) {
        client.send({ event: `client-${index}`, channel: `private-${number}`, data: String(index) });
      }
      // Events of a node are accepted in order: when this one arrives, all others of the node are in Redis.
      await client.subscribe(`private-last-${number}`);
      client.send({ event: "client-last", channel: `private-last-${number}`, data: "" });
      await receiver.next(({ channel }) => channel === `private-last-${number}`);
    }
    sending.signal("SIGKILL");
    await sending.exited;
    receiver.answer = () => 200;
    await receiver.until(
      (events) => new Set(events.map(({ channel, event }) => `${channel} ${String(event)}`)).size === 102,
    );
    const bodies = new Map<string, string>();
    for (const { id, rawBody } of receiver.received) {
      expect(bodies.get(id) ?? rawBody).toBe(rawBody);
      bodies.set(id, rawBody);
    }
    for (const number of clients.keys()) {
      const names = receiver.events.filter(({ channel }) => channel === `private-${number}`).map(({ event }) => event);
      expect([...new Set(names)]).toEqual(Array.from({ length: 50 }, (_, index) => `client-${index}`));
    }
    for (const client of clients) client.drop();
    staying.signal("SIGTERM");
    await staying.exited;
    rmSync(folder, { recursive: true });
  }, 60_000);
});
