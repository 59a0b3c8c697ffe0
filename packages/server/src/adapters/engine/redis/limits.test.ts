import { randomUUID } from "node:crypto";
import type { AppId, ChannelName } from "@sealcast/protocol";
import { ignoredEvents } from "@sealcast/server-testing";
import { describeWithRedis, startRedis, type RedisProcess } from "@sealcast/server-testing/redis";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import type { EngineStatus } from "../../../ports/engine.ts";
import { systemClock } from "../../clock/system.ts";
import { NodeRedisConnection } from "./connection/node-redis-connection.ts";
import { RedisEngine } from "./redis-engine.ts";

const app = "1001" as AppId;
const publication = {
  channel: "news" as ChannelName,
  message: "flash",
  except: undefined,
  keep: undefined,
};
const patience = { timeout: 15_000 };

/** Counts the scripts that a node runs. */
class CountingConnection extends NodeRedisConnection {
  readonly ran: string[] = [];

  override run(...command: Parameters<NodeRedisConnection["run"]>): ReturnType<NodeRedisConnection["run"]> {
    this.ran.push(command[0].name);
    return super.run(...command);
  }
}

interface Node {
  readonly connection: CountingConnection;
  readonly engine: RedisEngine;
  readonly status: () => EngineStatus;
}

describeWithRedis("limits of apps on nodes that share Redis", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  test("[BROKER9] a publish is one command, and a node that knows that the second is used up asks no more", async () => {
    const { engine, connection } = await startNode(redis.url, randomUUID());
    const publish = async (): Promise<unknown> => engine.publishWithin(app, [publication], { events: 1, perSecond: 2 });
    await vi.waitFor(async () => {
      connection.ran.length = 0;
      const answers = [await publish(), await publish(), await publish(), await publish()];
      expect(answers).toEqual([[undefined], [undefined], "too-many", "too-many"]);
      expect(connection.ran.filter((name) => name === "publish")).toHaveLength(3);
    }, patience);
  });

  test("[BROKER9] the next second is free again, on every node", async () => {
    const prefix = randomUUID();
    const nodes = [await startNode(redis.url, prefix), await startNode(redis.url, prefix)];
    for (const { engine } of nodes) {
      const publish = async (): Promise<unknown> =>
        engine.publishWithin(app, [publication], { events: 9, perSecond: 2 });
      await expect.poll(publish, patience).toEqual([undefined]);
    }
  });

  test("[QUOTA3] while Redis is away, a node compares with its own connections, and writes them when it is back", async () => {
    const own = await startRedis();
    onTestFinished(() => own.stop());
    const prefix = randomUUID();
    const [here, there] = [await startNode(own.url, prefix), await startNode(own.url, prefix)];
    expect(await here.engine.admit(app, 3)).toBe(true);
    await own.kill();
    await vi.waitFor(() => expect(here.status()).toBe("unavailable"), patience);
    expect([await here.engine.admit(app, 3), await here.engine.admit(app, 3)]).toEqual([true, true]);
    expect(await here.engine.admit(app, 3)).toBe(false);
    await here.engine.release(app);
    await own.restart();
    await vi.waitFor(() => expect([here.status(), there.status()]).toEqual(["ready", "ready"]), patience);
    expect(await there.engine.admit(app, 3)).toBe(true);
    expect(await there.engine.admit(app, 3)).toBe(false);
  });
});

async function startNode(url: string, prefix: string): Promise<Node> {
  const connection = new CountingConnection({ url, cluster: false, sentinelPrimary: undefined });
  const settings = { prefix, leaseMs: 3_000, randomText: randomUUID, report: () => undefined };
  const engine = new RedisEngine(connection, systemClock, settings);
  let status: EngineStatus = "ready";
  await engine.start({
    ...ignoredEvents,
    statusChanged: (changed) => {
      status = changed;
    },
  });
  onTestFinished(() => engine.close());
  return { connection, engine, status: () => status };
}
