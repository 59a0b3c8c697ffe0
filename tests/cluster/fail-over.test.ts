import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import { describeWithRedis, startSentinel, type SentinelSetup } from "@sealcast/server-testing/redis";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { callApi, send } from "../fixtures/api-request.ts";
import { dataOf, RawClient } from "../fixtures/raw-client.ts";

const patience = { timeout: 30_000, interval: 200 };

describeWithRedis("Redis with Sentinel", () => {
  let sentinel: SentinelSetup;
  beforeAll(async () => {
    sentinel = await startSentinel();
  }, 60_000);
  afterAll(() => sentinel.stop());

  test(
    "[OCC7] [ENG1] when the primary fails, servers go on with the replica, and nobody is lost",
    { timeout: 90_000 },
    async () => {
      const settings = {
        engine: "redis",
        engineUrl: sentinel.url,
        engineSentinelPrimary: sentinel.primary,
        engineLeaseSeconds: 4,
      } as const;
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

      await sentinel.servers[0].kill();
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
