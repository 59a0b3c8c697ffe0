import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import { describeWithRedis, startRedis } from "@sealcast/server-testing/redis";
import { expect, onTestFinished, test } from "vitest";
import { publish, send } from "../fixtures/api-request.ts";
import { dataOf, RawClient } from "../fixtures/raw-client.ts";
import { startBreakableLink } from "./fixtures/breakable-link.ts";

const channel = "orders";
const app = testApp({ history: [{ prefix: channel, size: 100, ttlSeconds: 60 }], subscriptionCount: false });
const patience = { timeout: 15_000, interval: 100 };

interface ReportedPosition {
  readonly epoch?: string;
  readonly offset?: number;
  readonly recovered?: boolean;
}

describeWithRedis("a replica that lacks the last events becomes the primary", () => {
  test(
    "[BROKER6] nobody who may have missed an event is informed that nothing is missing",
    { timeout: 60_000 },
    async () => {
      const primary = await startRedis();
      const replica = await startRedis(["--replicaof", `127.0.0.1 ${primary.port}`]);
      const link = await startBreakableLink(primary.port);
      const settings = {
        engine: "redis",
        engineUrl: `redis://127.0.0.1:${link.port}`,
        engineLeaseSeconds: 30,
      } as const;
      const server = await startServer({ apps: [app], settings });
      onTestFinished(async () => {
        await server.close();
        await link.close();
        await Promise.all([primary.stop(), replica.stop()]);
      });
      const connected = await follow(server);
      for (const data of ["1", "2", "3"]) await publish(server.port, channel, "paid", data);
      const third = await positionAt(connected, 3);
      await primary.command("wait", "1", "10000");
      await replica.command("replicaof", "no", "one");
      for (const data of ["4", "5"]) await publishOnceReady(server, data);
      const fifth = await positionAt(connected, 5);

      link.cut();
      await expect.poll(() => isReady(server), patience).toBe(false);
      link.redirect(replica.port);
      link.mend();
      await expect.poll(() => isReady(server), patience).toBe(true);
      // They would get the positions of the lost events, and one more.
      for (const data of ["6", "7", "8"]) await publishOnceReady(server, data);
      expect(await recover(server, third)).toBe(false);
      expect(await recover(server, fifth)).toBe(false);
      await expect.poll(async () => (await nextPosition(connected)).recovered, patience).toBe(false);
      const eighth = await positionAt(connected, 6);
      expect(await recover(server, eighth)).toBe(true);
    },
  );
});

/** Publishes as the server library does: again if the server answers 503. */
async function publishOnceReady({ port }: TestServer, data: string): Promise<void> {
  await expect.poll(() => publish(port, channel, "paid", data).then(() => "accepted"), patience).toBe("accepted");
}

/** Connects a client that gets positions. */
async function follow({ port }: TestServer): Promise<RawClient> {
  const client = await RawClient.connect(port);
  onTestFinished(() => client.drop());
  await client.subscribe(channel);
  client.send({ event: "sealcast:recover", channel, data: {} });
  await nextPosition(client);
  return client;
}

async function nextPosition(client: RawClient): Promise<ReportedPosition> {
  return dataOf(await client.next("pusher_internal:position")) as ReportedPosition;
}

/** Reads positions until the one with an offset. */
async function positionAt(client: RawClient, offset: number): Promise<ReportedPosition> {
  for (;;) {
    const position = await nextPosition(client);
    if (position.offset === offset) return position;
  }
}

/** Returns whether a client that was away since a position learns that it has missed nothing, or gets what it missed. */
async function recover({ port }: TestServer, { epoch, offset }: ReportedPosition): Promise<boolean | undefined> {
  const client = await RawClient.connect(port);
  onTestFinished(() => client.drop());
  client.send({ event: "sealcast:recover", channel, data: { epoch, offset } });
  await client.subscribe(channel);
  for (;;) {
    const { recovered } = await nextPosition(client);
    if (recovered !== undefined) return recovered;
  }
}

async function isReady({ port }: TestServer): Promise<boolean> {
  return (await send(port, "GET", "/health/ready")).status === 200;
}
