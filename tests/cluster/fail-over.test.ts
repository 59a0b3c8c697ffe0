import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import { describeWithRedis, startRedisCluster, startSentinel } from "@sealcast/server-testing/redis";
import { expect, onTestFinished, test } from "vitest";
import { callApi, send } from "../fixtures/api-request.ts";
import { dataOf, RawClient } from "../fixtures/raw-client.ts";

const patience = { timeout: 30_000, interval: 200 };

/** Redis, and how its server with the data of the channel ends. */
interface Setup {
  readonly settings: Readonly<Record<string, string | boolean>>;
  killPrimary(): Promise<void>;
  stop(): Promise<unknown>;
}

describeWithRedis("Redis with replicas", () => {
  test.each(["Sentinel", "Redis Cluster"])(
    "[OCC7] [ENG1] when a primary fails, servers go on with its replica, and nobody is lost: %s",
    { timeout: 120_000 },
    async (kind) => {
      const redis = kind === "Sentinel" ? await startWithSentinel() : await startWithCluster();
      onTestFinished(async () => {
        await redis.stop();
      });
      const settings = { engine: "redis" as const, ...redis.settings };
      const servers = [
        await startServer({ apps: [testApp()], settings }),
        await startServer({ apps: [testApp()], settings }),
      ] as const;
      onTestFinished(async () => {
        for (const server of servers) await server.close();
      });
      const [ada, bob] = [await RawClient.connect(servers[0].port), await RawClient.connect(servers[1].port)];
      await ada.subscribe("presence-room", JSON.stringify({ user_id: "ada" }));
      await bob.subscribe("presence-room", JSON.stringify({ user_id: "bob" }));
      expect(dataOf(await ada.next("pusher_internal:member_added"))).toMatchObject({ user_id: "bob" });

      await redis.killPrimary();
      await expect.poll(() => publish(servers[0], "1"), patience).toBe(503);
      await expect.poll(() => publish(servers[0], "2"), patience).toBe(200);
      // A server that has not noticed the failure yet is still ready, and answers one publish with 503.
      await expect.poll(() => publish(servers[1], "3"), patience).toBe(200);
      await expect.poll(() => isReady(servers[1]), patience).toBe(true);
      for (const client of [ada, bob]) {
        await expect.poll(async () => (await client.next("flash")).data, patience).toBe("3");
      }
      await expect.poll(() => usersOf(servers[1]), patience).toEqual(["ada", "bob"]);
      bob.drop();
      expect(dataOf(await ada.next("pusher_internal:member_removed"))).toMatchObject({ user_id: "bob" });
      ada.drop();
    },
  );
});

async function startWithSentinel(): Promise<Setup> {
  const sentinel = await startSentinel();
  return {
    settings: { engineUrl: sentinel.url, engineSentinelPrimary: sentinel.primary },
    killPrimary: () => sentinel.servers[0].kill(),
    stop: () => sentinel.stop(),
  };
}

async function startWithCluster(): Promise<Setup> {
  const servers = await startRedisCluster(1);
  return {
    settings: { engineUrl: servers[0].url, engineCluster: true },
    async killPrimary() {
      // Masters come first.
      for (const server of servers) if (await server.hasKey("*presence-room*")) return server.kill();
      throw new Error("No server has the channel");
    },
    stop: () => Promise.all(servers.map((server) => server.stop())),
  };
}

/** Returns the status of a publish. */
async function publish({ port }: TestServer, data: string): Promise<number> {
  const body = { name: "flash", channels: ["presence-room"], data };
  return (await callApi(port, { path: "/events", body })).status;
}

/** Returns the users of the channel, sorted: after a fail-over, servers write theirs again in any order. */
async function usersOf({ port }: TestServer): Promise<string[]> {
  const { body } = await callApi(port, { method: "GET", path: "/channels/presence-room/users" });
  const { users } = JSON.parse(body) as { readonly users: readonly { readonly id: string }[] };
  return users.map(({ id }) => id).toSorted();
}

async function isReady({ port }: TestServer): Promise<boolean> {
  return (await send(port, "GET", "/health/ready")).status === 200;
}
