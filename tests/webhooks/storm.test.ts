import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import { describeWithRedis, startRedis, type RedisProcess } from "@sealcast/server-testing/redis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SeededRandom } from "../fixtures/seeded-random.ts";
import { WebhookReceiver } from "../fixtures/webhook-receiver.ts";
import { storm, stormEvents, stormSettings } from "./storm.ts";
import { startWebhookServer, webhook } from "./webhook-server.ts";

test("[HOOK4] 10,000 joins and leaves over sockets are reported strictly in turn, and the last report is true", async () => {
  const receiver = await WebhookReceiver.start();
  const server = await startWebhookServer(receiver, { events: stormEvents, batch: true }, {}, stormSettings);
  const happened = await storm([server.port], receiver, new SeededRandom(), 10_000);
  await happened.reported();
  // What a fault would send too much is on its way before the server has ended.
  await server.server.drain();
  happened.check();
  expect(receiver.events.length).toBeGreaterThan(60);
  happened.end();
  await server.close();
  await receiver.close();
}, 120_000);

/** `npm run soak` sends all 10,000. */
const changesOfCluster = Number(process.env["STORM_CHANGES"] ?? 2_000);

describeWithRedis("a storm on a cluster", () => {
  let redis: RedisProcess;
  let receiver: WebhookReceiver;
  let nodes: readonly TestServer[];
  beforeAll(async () => {
    redis = await startRedis();
    receiver = await WebhookReceiver.start();
    nodes = [await startNode(), await startNode()];
  }, 60_000);
  afterAll(async () => {
    for (const node of nodes) await node.close();
    await receiver.close();
    await redis.stop();
  });

  function startNode(): Promise<TestServer> {
    const target = webhook(receiver.url(), { events: stormEvents, batch: true });
    const engine = { engine: "redis", engineUrl: redis.url, enginePrefix: "storm" } as const;
    return startServer({
      apps: [testApp({ webhooks: [target], subscriptionCount: false })],
      settings: { ...engine, ...stormSettings, allowPrivateWebhookTargets: true },
    });
  }

  test(`[HOOK4] ${changesOfCluster} joins and leaves on two nodes are reported strictly in turn, and the last report is true`, async () => {
    const ports = nodes.map(({ port }) => port);
    const happened = await storm(ports, receiver, new SeededRandom(), changesOfCluster);
    await happened.reported();
    for (const node of nodes) await node.server.drain();
    happened.check();
    expect(receiver.events.length).toBeGreaterThan(60);
    if (process.env["STORM_CHANGES"] !== undefined) {
      const seconds = (happened.tookMs / 1_000).toFixed(1);
      console.log(
        `${changesOfCluster} joins and leaves on two nodes in ${seconds} s: ${receiver.events.length} reports`,
      );
    }
    happened.end();
  }, 300_000);
});
