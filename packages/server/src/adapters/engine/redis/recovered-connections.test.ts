import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import type { AppId, ChannelName } from "@sealcast/protocol";
import { ignoredEvents } from "@sealcast/server-testing";
import {
  describeWithRedis,
  freeRedis,
  handOver,
  keepRedisBusy,
  startRedis,
  startRedisCluster,
  startSentinel,
} from "@sealcast/server-testing/redis";
import { expect, onTestFinished, test, vi } from "vitest";
import type { EngineStatus } from "../../../ports/engine.ts";
import { systemClock } from "../../clock/system.ts";
import { NodeRedisConnection } from "./connection/node-redis-connection.ts";
import { RedisEngine } from "./redis-engine.ts";
import type { RedisAddress } from "./connection/redis-connection.ts";

/** How long a script keeps Redis busy: it answers several commands of each connection with an error meanwhile. */
const busyMs = 3_000;
/** How long Redis is paused: longer than a connection may be silent. */
const silentMs = 6_000;

describeWithRedis("a Redis server that answers with errors for a while, on connections that stay open", () => {
  test.each(["a single server", "Sentinel", "Redis Cluster"])("is used again afterwards: %s", async (kind) => {
    const { address, ports } = await startKind(kind);
    const { engine, statuses } = await startEngine(address);
    await Promise.all(ports.map((port) => keepRedisBusy(port)));
    await pause(busyMs);
    await Promise.all(ports.map((port) => freeRedis(port)));
    await vi.waitFor(async () => expect(await publish(engine)).not.toBe("unavailable"), { timeout: 10_000 });
    await vi.waitFor(() => expect(statuses.at(-1)).toBe("ready"), { timeout: 10_000 });
    expect(statuses).toContain("unavailable");
  });
});

describeWithRedis("a Redis server that closes connections and goes on", () => {
  test.each(["a single server", "Sentinel", "Redis Cluster"])("is used again afterwards: %s", async (kind) => {
    const { address, ports } = await startKind(kind);
    const { engine, statuses } = await startEngine(address);
    for (const round of [1, 2, 3]) {
      for (const type of ["pubsub", "normal"]) {
        await Promise.all(ports.map((port) => cli(port, "client", "kill", "type", type)));
        await vi.waitFor(async () => expect(await publish(engine)).not.toBe("unavailable"), { timeout: 10_000 });
        await vi.waitFor(() => expect(statuses.at(-1) ?? "ready").toBe("ready"), { timeout: 10_000 });
      }
      expect(statuses.length).toBeGreaterThanOrEqual(round);
    }
  });
});

describeWithRedis("a Redis server that is silent for a while, on connections that stay open", () => {
  test.each(["a single server", "Sentinel", "Redis Cluster"])("is used again afterwards: %s", async (kind) => {
    const { address, processIds } = await startKind(kind);
    const { engine, statuses } = await startEngine(address);
    for (const id of processIds) process.kill(id, "SIGSTOP");
    await pause(silentMs);
    for (const id of processIds) process.kill(id, "SIGCONT");
    await vi.waitFor(async () => expect(await publish(engine)).not.toBe("unavailable"), { timeout: 20_000 });
    await vi.waitFor(() => expect(statuses.at(-1)).toBe("ready"), { timeout: 20_000 });
    expect(statuses).toContain("unavailable");
  });
});

describeWithRedis("masters of a Redis Cluster that hand over to their replicas", () => {
  test("count as an interruption, because messages may be missed", { timeout: 60_000 }, async () => {
    const servers = await startRedisCluster(1);
    onTestFinished(async () => {
      await Promise.all(servers.map((server) => server.stop()));
    });
    const { engine, statuses } = await startEngine({ url: servers[0].url, cluster: true, sentinelPrimary: undefined });
    for (const replica of servers.slice(3)) await handOver(replica);
    await vi.waitFor(
      async () => {
        await Promise.all(Array.from({ length: 100 }, (_, number) => publish(engine, `orders-${number}`)));
        expect(statuses).toContain("unavailable");
        expect(statuses.at(-1)).toBe("ready");
      },
      { timeout: 30_000 },
    );
  });
});

async function startKind(kind: string): Promise<{
  readonly address: RedisAddress;
  readonly ports: readonly number[];
  readonly processIds: readonly number[];
}> {
  if (kind === "Sentinel") {
    const sentinel = await startSentinel();
    onTestFinished(() => sentinel.stop());
    const [primary] = sentinel.servers;
    const address = { url: sentinel.url, cluster: false, sentinelPrimary: sentinel.primary };
    return { address, ports: [primary.port], processIds: [primary.pid] };
  }
  const isCluster = kind === "Redis Cluster";
  const servers = isCluster ? await startRedisCluster() : ([await startRedis()] as const);
  onTestFinished(async () => {
    await Promise.all(servers.map((server) => server.stop()));
  });
  const address = { url: servers[0].url, cluster: isCluster, sentinelPrimary: undefined };
  return { address, ports: servers.map(({ port }) => port), processIds: servers.map(({ pid }) => pid) };
}

async function startEngine(address: RedisAddress): Promise<{ engine: RedisEngine; statuses: EngineStatus[] }> {
  const statuses: EngineStatus[] = [];
  const engine = new RedisEngine(new NodeRedisConnection(address), systemClock, {
    prefix: randomUUID(),
    leaseMs: 3_000,
    randomText: randomUUID,
    report: () => undefined,
  });
  onTestFinished(() => engine.close());
  await engine.start({
    ...ignoredEvents,
    statusChanged: (status) => statuses.push(status),
  });
  return { engine, statuses };
}

async function publish(engine: RedisEngine, channel = "orders"): Promise<unknown> {
  const publication = { channel: channel as ChannelName, message: "1", except: undefined };
  return engine.publish("1001" as AppId, [{ ...publication, keep: { count: 10, ttlSeconds: 60 } }]);
}

async function cli(port: number, ...words: readonly string[]): Promise<void> {
  await once(spawn("redis-cli", ["-p", String(port), ...words], { stdio: "ignore" }), "exit");
}
