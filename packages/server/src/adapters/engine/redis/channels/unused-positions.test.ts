// cspell:ignore zcard
import { randomUUID } from "node:crypto";
import type { AppId, ChannelName, SocketId } from "@sealcast/protocol";
import { ignoredEvents } from "@sealcast/server-testing";
import { describeWithRedis, startRedis, type RedisProcess } from "@sealcast/server-testing/redis";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { Position } from "../../../../ports/broker.ts";
import { systemClock } from "../../../clock/system.ts";
import { NodeRedisConnection } from "../connection/node-redis-connection.ts";
import { bucketOf } from "../encoding/keys.ts";
import { RedisEngine } from "../redis-engine.ts";
import { maxUnusedPositions } from "../scripts/channel-functions.ts";

const app = "1001" as AppId;
const socketId = "1.1" as SocketId;
/** Names of channels in one bucket. */
const [used, quiet, ...others] = Array.from({ length: 32 * maxUnusedPositions }, (_, index) => `orders-${index}`)
  .filter((name) => bucketOf(app, name as ChannelName) === `${app}/7`)
  .slice(0, maxUnusedPositions + 2) as [ChannelName, ChannelName, ...ChannelName[]];

describeWithRedis("channels that clients name, and on which nothing is ever published", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  test("[BROKER6] keep a limited number of positions in Redis, and push out none of a channel with events", async () => {
    const prefix = randomUUID();
    const engine = await startEngine(redis.url, prefix);
    const begun = await visit(engine, quiet);
    await visit(engine, used);
    const keep = { count: 10, ttlSeconds: 60 };
    await engine.publish(app, [{ channel: used, message: "1", except: undefined, keep }]);
    const last = await visit(engine, used);
    for (let at = 0; at < others.length; at += 100) {
      await Promise.all(others.slice(at, at + 100).map((name) => visit(engine, name)));
    }
    const unused = await redis.command("zcard", `${prefix}:{${app}/7}:data:unused`);
    expect(Number(unused)).toBe(maxUnusedPositions);
    expect(await visit(engine, used)).toEqual(last);
    expect(await visit(engine, others.at(-1) ?? quiet)).toMatchObject({ offset: 0 });
    expect(await redis.hasKey(`*:last:${others.at(-1)}`)).toBe(true);
    expect((await visit(engine, quiet))?.epoch).not.toBe(begun?.epoch);
  }, 60_000);
});

/** Subscribes a client that can recover, and unsubscribes it; returns the position of the channel. */
async function visit(engine: RedisEngine, channel: ChannelName): Promise<Position | undefined> {
  let position: Position | undefined;
  const history = { after: undefined, limit: 1, begin: true } as const;
  await engine.join({ app, channel, socketId, presence: undefined, history }, (entry) => {
    position = entry.history?.last;
    return true;
  });
  await engine.leave(app, channel, socketId);
  return position;
}

async function startEngine(url: string, prefix: string): Promise<RedisEngine> {
  const connection = new NodeRedisConnection({ url, cluster: false, sentinelPrimary: undefined });
  const settings = { prefix, leaseMs: 30_000, randomText: randomUUID, report: () => undefined };
  const engine = new RedisEngine(connection, systemClock, settings);
  await engine.start(ignoredEvents);
  onTestFinished(() => engine.close());
  return engine;
}
