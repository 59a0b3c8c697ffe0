// cspell:ignore hset smembers zadd zscore
import { randomUUID } from "node:crypto";
import { describeWithRedis, startRedis, type RedisProcess } from "@sealcast/server-testing/redis";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { NodeRedisConnection } from "../connection/node-redis-connection.ts";
import { Keys } from "../encoding/keys.ts";
import { giveUpScript, renewScript } from "./lease-scripts.ts";

const leaseMs = 10_000;
const node = "ended";
const bucket = "1001/7";

describeWithRedis("a node that has no lease", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  async function connect(): Promise<NodeRedisConnection> {
    const connection = new NodeRedisConnection({ url: redis.url, cluster: false, sentinelPrimary: undefined });
    onTestFinished(() => connection.close());
    await connection.open({ up: () => undefined, down: () => undefined });
    return connection;
  }

  interface Leases {
    /** How long all nodes can renew their leases, in milliseconds. */
    readonly since: number;
    /** How long ago a lease was renewed last, in milliseconds. */
    readonly last: number;
    readonly hasLease?: true;
    readonly claimedUntil?: string;
  }

  /** Runs the script, and returns the answer, the end of the claim, and the buckets to clean up. */
  async function giveUp({ since, last, hasLease, claimedUntil }: Leases): Promise<unknown> {
    const keys = new Keys(randomUUID());
    const [leases = "", claims = "", data = ""] = keys.nodes;
    const now = Date.now();
    await redis.command("hset", data, "since", String(now - since), "last", String(now - last));
    if (hasLease === true) await redis.command("zadd", leases, String(now + leaseMs), node);
    if (claimedUntil !== undefined) await redis.command("zadd", claims, claimedUntil, node);
    const connection = await connect();
    const answer = await connection.run(
      giveUpScript,
      [keys.bucketsOf(node), ...keys.nodes],
      [node, String(leaseMs), bucket],
    );
    const claim = (await redis.command("zscore", claims, node)).trim();
    const buckets = (await redis.command("smembers", keys.bucketsOf(node))).trim();
    return { answer, claim, buckets };
  }

  test("[OCC8] is given up if every node could renew its lease", async () => {
    expect(await giveUp({ since: 11_000, last: 3_000 })).toEqual({ answer: 1, claim: "0", buckets: bucket });
  });

  test("[OCC7] is not given up until then: after a loss of the leases, an interruption, or with another clock", async () => {
    const kept = { answer: 0, claim: "", buckets: "" };
    expect(await giveUp({ since: 9_000, last: 3_000 })).toEqual(kept);
    expect(await giveUp({ since: 60_000, last: 8_000 })).toEqual(kept);
    expect(await giveUp({ since: 60_000, last: -5_000 })).toEqual(kept);
  });

  test("[OCC7] is not given up if it has one by now", async () => {
    expect(await giveUp({ since: 60_000, last: 3_000, hasLease: true })).toEqual({ answer: 1, claim: "", buckets: "" });
  });

  test("[OCC8] that somebody cleans up after has one bucket more to clean up", async () => {
    const claimed = await giveUp({ since: 60_000, last: 3_000, claimedUntil: "12345" });
    expect(claimed).toEqual({ answer: 1, claim: "12345", buckets: bucket });
  });

  test.each([
    ["an interruption", 60_000],
    ["the clock was set back", -60_000],
  ])("[OCC7] has the time of a lease to get one after %s", async (_, lastMs) => {
    const keys = new Keys(randomUUID());
    const [, , data = ""] = keys.nodes;
    const now = Date.now();
    await redis.command("hset", data, "mark", "m", "since", String(now - 600_000), "last", String(now - lastMs));
    const connection = await connect();
    await connection.run(renewScript, keys.nodes, ["other", String(leaseMs), String(3 * leaseMs), "first", "m"]);
    expect(Number(await redis.command("hget", data, "since"))).toBeGreaterThanOrEqual(now);
    const giveUpAtOnce = [keys.bucketsOf(node), ...keys.nodes];
    expect(await connection.run(giveUpScript, giveUpAtOnce, [node, String(leaseMs), bucket])).toBe(0);
  });
});
