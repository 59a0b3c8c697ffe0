// cspell:ignore hset
import { randomUUID } from "node:crypto";
import type { AppId, ChannelName, SocketId } from "@sealcast/protocol";
import { ignoredEvents } from "@sealcast/server-testing";
import { describeWithRedis, startRedis, type RedisProcess } from "@sealcast/server-testing/redis";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../../clock/system.ts";
import { NodeRedisConnection } from "../connection/node-redis-connection.ts";
import { bucketOf, Keys } from "../encoding/keys.ts";
import { RedisEngine } from "../redis-engine.ts";

const app = "1001" as AppId;
const channel = "orders" as ChannelName;
const room = "presence-room" as ChannelName;

/** A connection on which messages can get lost. */
class LossyConnection extends NodeRedisConnection {
  losesNext = false;

  override subscribe(topic: string, sharded: boolean, listener: (payload: string) => void): Promise<void> {
    return super.subscribe(topic, sharded, (payload) => {
      if (!this.losesNext) listener(payload);
      this.losesNext = false;
    });
  }
}

describeWithRedis("a node that has missed a message", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  test("[BROKER2] [BROKER3] answers its own publish, after it has delivered what was missed", async () => {
    const prefix = randomUUID();
    const [here, there] = [await startNode(redis.url, prefix), await startNode(redis.url, prefix)];
    const socketId = "1.1" as SocketId;
    const history = { after: undefined, limit: 1, begin: true } as const;
    expect(await here.engine.join({ app, channel, socketId, presence: undefined, history }, () => true)).toBe(
      "entered",
    );
    here.connection.losesNext = true;
    await publish(there.engine, "1");
    await expect.poll(() => here.connection.losesNext).toBe(false);
    const answers = await Promise.all(["2", "3"].map((message) => publish(here.engine, message)));
    expect(answers).toMatchObject([[{ offset: 2 }], [{ offset: 3 }]]);
    expect(here.delivered).toEqual(["1", "2", "3"]);
    // The channel is not needed any more when its last client has left.
    await here.engine.leave(app, channel, socketId);
    await publish(there.engine, "4");
    await publish(here.engine, "5");
    expect(here.delivered).toEqual(["1", "2", "3"]);
  });

  test("[BROKER2] [BROKER6] delivers what is published after others have found that Redis may have lost events", async () => {
    const prefix = randomUUID();
    const [here, there] = [await startNode(redis.url, prefix), await startNode(redis.url, prefix)];
    const history = { after: undefined, limit: 1, begin: true } as const;
    const joining = { app, channel, socketId: "1.1" as SocketId, presence: undefined, history };
    expect(await here.engine.join(joining, () => true)).toBe("entered");
    await publish(there.engine, "1");
    // As if the hash slot had moved before this node used the channel.
    await redis.command("hset", new Keys(prefix).dataOf(bucketOf(app, channel)), "mark", "another");
    const answers = await Promise.all(["2", "3"].map((message) => publish(here.engine, message)));
    expect(answers).toMatchObject([[{ offset: 2 }], [{ offset: 3 }]]);
    await publish(there.engine, "4");
    await expect.poll(() => here.delivered).toEqual(["1", "missed after 1", "2", "3", "4"]);
  });

  test("[OCC5] announces a subscriber to the others only, if its arrival was announced with other data", async () => {
    const prefix = randomUUID();
    const { engine, delivered } = await startNode(redis.url, prefix);
    const join = async (userId: string, socketId: string): Promise<void> => {
      const member = { userId, userInfo: undefined };
      const presence = { member, maxMembers: 10, arrival: `+${userId}`, departure: `-${userId}` };
      const joining = { app, channel: room, socketId: socketId as SocketId, presence, history: undefined };
      expect(await engine.join(joining, () => true)).toBe("entered");
    };
    await join("bob", "1.1");
    await redis.command("hset", new Keys(prefix).dataOf(bucketOf(app, room)), "mark", "another");
    await join("ada", "1.2");
    await expect.poll(() => delivered).toEqual([expect.stringMatching(/^not to 1\.2: .*member_added.*ada/)]);
  });
});

async function publish(engine: RedisEngine, message: string): Promise<unknown> {
  const keep = { count: 10, ttlSeconds: 60 };
  return await engine.publish(app, [{ channel, message, except: undefined, keep }]);
}

async function startNode(
  url: string,
  prefix: string,
): Promise<{ readonly connection: LossyConnection; readonly engine: RedisEngine; readonly delivered: string[] }> {
  const connection = new LossyConnection({ url, cluster: false, sentinelPrimary: undefined });
  const settings = { prefix, leaseMs: 30_000, randomText: randomUUID, report: () => undefined };
  const engine = new RedisEngine(connection, systemClock, settings);
  const delivered: string[] = [];
  await engine.start({
    ...ignoredEvents,
    deliver: (_, { message, except }) =>
      delivered.push(except === undefined ? message : `not to ${except}: ${message}`),
    missed: (_app, _channel, last) => delivered.push(`missed after ${last?.offset}`),
  });
  onTestFinished(() => engine.close());
  return { connection, engine, delivered };
}
