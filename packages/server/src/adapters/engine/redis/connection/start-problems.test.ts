// cspell:ignore addslotsrange
import { describe, expect, test } from "vitest";
import { EngineStartError } from "@sealcast/server";
import { describeWithRedis, startRedis, type RedisProcess } from "@sealcast/server-testing/redis";
import { NodeRedisConnection } from "./node-redis-connection.ts";
import type { RedisAddress } from "./redis-connection.ts";
import { serverProblem } from "./server-problem.ts";

const ignore = { up: () => undefined, down: () => undefined };

async function problemAt(address: Partial<RedisAddress>): Promise<EngineStartError | undefined> {
  const connection = new NodeRedisConnection({ url: "", cluster: false, sentinelPrimary: undefined, ...address });
  try {
    await connection.open(ignore);
    return undefined;
  } catch (error) {
    if (error instanceof EngineStartError) return error;
    throw error;
  } finally {
    await connection.close();
  }
}

async function withRedis<T>(settings: readonly string[], task: (redis: RedisProcess) => Promise<T>): Promise<T> {
  const redis = await startRedis(settings);
  try {
    return await task(redis);
  } finally {
    await redis.stop();
  }
}

describeWithRedis("a configuration that does not fit stops the start, and says what was found and what to do", () => {
  test.each<[string, readonly string[], (redis: RedisProcess) => Partial<RedisAddress>, string, string]>([
    ["no password", ["--requirepass", "hunter2"], ({ url }) => ({ url }), "requires a password", "redis://USER"],
    [
      "a wrong password",
      ["--requirepass", "hunter2"],
      ({ port }) => ({ url: `redis://:hunter3@127.0.0.1:${port}` }),
      "a refusal of the user or password",
      "redis://USER",
    ],
    ["a node of a cluster", ["--cluster-enabled", "yes"], ({ url }) => ({ url }), "a node of a Redis Cluster", "true"],
    ["no cluster", [], ({ url }) => ({ url, cluster: true }), "a single Redis server", "false"],
    [
      "a cluster that was not created",
      ["--cluster-enabled", "yes"],
      ({ url }) => ({ url, cluster: true }),
      "a node without hash slots",
      "--cluster create",
    ],
    ["no Sentinel", [], ({ url }) => ({ url, sentinelPrimary: "main" }), "a Redis server", "sentinelPrimary"],
    [
      "an evicting policy",
      ["--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"],
      ({ url }) => ({ url }),
      "maxmemory-policy allkeys-lru",
      "noeviction",
    ],
    ["a replica", ["--replicaof", "127.0.0.1 1"], ({ url }) => ({ url }), "a read-only replica", "primary"],
    ["TLS without a certificate", [], ({ port }) => ({ url: `rediss://127.0.0.1:${port}` }), "", "TLS"],
  ])("%s", async (_, settings, address, got, fix) => {
    const problem = await withRedis(settings, (redis) => problemAt(address(redis)));
    expect(problem).toMatchObject({
      got: expect.stringContaining(got) as string,
      fix: expect.stringContaining(fix) as string,
    });
    expect(problem?.message).not.toMatch(/hunter/);
  });

  test("a cluster that announces an address where nothing listens", async () => {
    const cluster = ["--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1", "--cluster-announce-port", "1"];
    const problem = await withRedis(cluster, async (redis) => {
      await redis.command("cluster", "addslotsrange", "0", "16383");
      return problemAt({ url: redis.url, cluster: true });
    });
    expect(problem).toMatchObject({
      got: expect.stringContaining("127.0.0.1:1") as string,
      fix: expect.stringContaining("cluster-announce-ip") as string,
    });
  });

  test("nobody listens", async () => {
    const redis = await startRedis();
    await redis.stop();
    expect(await problemAt({ url: redis.url })).toMatchObject({ got: "a refused connection" });
  });
});

describe("the version of Redis", () => {
  test.each([
    ["redis_version:6.2.14\r\ncluster_enabled:0", "Redis 6.2.14"],
    ["redis_version:7.0.15\r\ncluster_enabled:0", undefined],
    [["redis_version:7.2.4", "valkey_version:8.0.1", "cluster_enabled:0"].join("\r\n"), undefined],
  ])("%j", (info, got) => {
    expect(serverProblem(info, { cluster: false })?.got).toBe(got);
  });
});
