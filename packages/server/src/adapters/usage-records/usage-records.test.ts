import { usageRecordsContract } from "@sealcast/server-testing/contracts";
import { describeWithRedis, startRedis, type RedisProcess } from "@sealcast/server-testing/redis";
import type { AppId } from "@sealcast/protocol";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { NodeRedisConnection } from "../engine/redis/connection/node-redis-connection.ts";
import { MemoryUsageRecords } from "./memory.ts";
import { RedisUsageRecords } from "./redis.ts";

usageRecordsContract("usage records in memory", async () => {
  const records = new MemoryUsageRecords();
  return [records, records];
});

describeWithRedis("usage records in Redis", () => {
  const opened: RedisUsageRecords[] = [];
  let redis: RedisProcess;
  let prefixes = 0;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    for (const records of opened.splice(0)) await records.close();
  });
  afterAll(() => redis.stop());

  function open(prefix: string): RedisUsageRecords {
    const records = new RedisUsageRecords(async () => {
      const connection = new NodeRedisConnection({ url: redis.url, cluster: false, sentinelPrimary: undefined });
      await connection.open({ up: () => undefined, down: () => undefined });
      return connection;
    }, prefix);
    opened.push(records);
    return records;
  }

  usageRecordsContract("they", async () => {
    const prefix = `usage-${(prefixes += 1)}`;
    return [open(prefix), open(prefix)];
  });

  test("a Redis that is away is answered as unavailable, and used again when it is back", async () => {
    const records = open("away");
    const row = { app: "1001" as AppId, day: "2026-11-28", messages: 1, peakConnections: 0 };
    await redis.kill();
    expect(await records.add([row])).toBe("unavailable");
    await redis.restart();
    await expect.poll(() => records.add([row]), { timeout: 10_000 }).toEqual([1]);
  }, 30_000);
});
