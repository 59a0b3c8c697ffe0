// cspell:ignore LRANGE RPUSH
import { setImmediate as nextTurn } from "node:timers/promises";
import { describeWithRedis, startRedis, startRedisCluster, type RedisProcess } from "@sealcast/server-testing/redis";
import { expect, onTestFinished, test } from "vitest";
import { NodeRedisConnection } from "./node-redis-connection.ts";
import type { Script } from "./redis-connection.ts";

const append: Script = { name: "append", lua: "return redis.call('RPUSH', KEYS[1], ARGV[1])" };
const read: Script = { name: "read", lua: "return redis.call('LRANGE', KEYS[1], 0, -1)" };
const key = "{place}:numbers";
const numbers = Array.from({ length: 100 }, (_, index) => String(index));
const ignore = { up: () => undefined, down: () => undefined };

async function open(url: string, cluster: boolean): Promise<NodeRedisConnection> {
  const connection = new NodeRedisConnection({ url, cluster, sentinelPrimary: undefined });
  await connection.open(ignore);
  onTestFinished(() => connection.close());
  return connection;
}

/** Appends all numbers, in as many turns. */
async function appendAll(connection: NodeRedisConnection): Promise<void> {
  const answers: Promise<unknown>[] = [];
  for (const number of numbers) {
    answers.push(connection.run(append, [key], [number]));
    await nextTurn();
  }
  await Promise.all(answers);
}

describeWithRedis("scripts that Redis does not know", () => {
  test("[CONN1] take effect in the order of the calls", async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    const connection = await open(redis.url, false);
    await appendAll(connection);
    expect(await connection.run(read, [key], [])).toEqual(numbers);
  });

  test("[CONN1] take effect in the order of the calls at another server that has taken its place", async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    const connection = await open(redis.url, false);
    await connection.run(append, ["{place}:others"], ["first"]);
    await redis.restart();
    await expect.poll(() => connection.run(read, [key], []).catch(() => undefined), { timeout: 15_000 }).toEqual([]);
    await appendAll(connection);
    expect(await connection.run(read, [key], [])).toEqual(numbers);
  });

  test("[CONN1] take effect in the order of the calls at each master of a cluster", { timeout: 60_000 }, async () => {
    const masters: readonly [RedisProcess, ...RedisProcess[]] = await startRedisCluster();
    onTestFinished(async () => void (await Promise.all(masters.map((master) => master.stop()))));
    const connection = await open(masters[0].url, true);
    for (const place of ["{a}", "{b}", "{c}", "{d}"]) await connection.run(append, [place], ["first"]);
    await appendAll(connection);
    expect(await connection.run(read, [key], [])).toEqual(numbers);
  });

  test("are run again after somebody has removed them", async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    const connection = await open(redis.url, false);
    for (const number of ["1", "2"]) {
      await connection.run(append, [key], [number]);
      await redis.command("script", "flush");
    }
    expect(await connection.run(read, [key], [])).toEqual(["1", "2"]);
  });
});
