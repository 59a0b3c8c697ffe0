import { describeWithRedis } from "@sealcast/server-testing/redis";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { callApi } from "../fixtures/api-request.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { isInstalled, startProxy } from "./fixtures/proxy-process.ts";
import { startServerCluster, type ServerCluster } from "./fixtures/server-cluster.ts";

describeWithRedis("the proxies of the folder deploy, in front of three servers", () => {
  let cluster: ServerCluster;
  beforeAll(async () => {
    cluster = await startServerCluster(3);
  }, 120_000);
  afterAll(() => cluster.close());

  describe.each(["nginx", "haproxy"] as const)("%s", (program) => {
    test.skipIf(!isInstalled(program))(
      "clients and publishers come through, also while one server after the other is restarted",
      { timeout: 60_000 },
      async () => {
        const proxy = await startProxy(
          program,
          cluster.servers.map(({ port }) => port),
        );
        onTestFinished(() => proxy.close());
        const publish = async (data: string): Promise<boolean> => {
          const body = { name: "flash", channels: ["news"], data };
          return (await callApi(proxy.port, { path: "/events", body })).status === 200;
        };
        const first = await RawClient.connect(proxy.port);
        await first.subscribe("news");
        expect(await publish("1")).toBe(true);
        expect(await first.next("flash")).toMatchObject({ data: "1" });
        for (const server of cluster.servers) {
          const { port } = server;
          await server.end("SIGTERM");
          await expect.poll(() => publish("2").catch(() => false), { timeout: 10_000 }).toBe(true);
          const client = await RawClient.connect(proxy.port);
          await client.subscribe("news");
          expect(await publish("3")).toBe(true);
          await client.next("flash");
          client.drop();
          await server.start(["--port", String(port)]);
          await expect.poll(() => server.isReady(), { timeout: 10_000 }).toBe(true);
        }
      },
    );
  });
});
