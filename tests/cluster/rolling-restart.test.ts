// All servers are restarted, one after the other, behind a load balancer, while backends publish without a pause.
import { Sealcast } from "@sealcast/server-sdk";
import { describeWithRedis } from "@sealcast/server-testing/redis";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startAppBackend } from "../fixtures/app-backend.ts";
import { credentials } from "../fixtures/credentials.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { RecoveringClient, recoveringLibraries } from "../fixtures/recovering-client.ts";
import { startTcpProxyFrom } from "../fixtures/tcp-proxy.ts";
import { WebhookReceiver, type ReceivedEvent } from "../fixtures/webhook-receiver.ts";
import { occupancyOn } from "./fixtures/occupancy.ts";
import { isInstalled, startProxy, type ProxyProcess } from "./fixtures/proxy-process.ts";
import { ReturningClient } from "./fixtures/returning-client.ts";
import { startServerCluster, type ClusterServer, type ServerCluster } from "./fixtures/server-cluster.ts";
import { SteadyPublisher } from "./fixtures/steady-publisher.ts";

/** All servers are restarted as often as this time allows, in seconds, and at least once. */
const seconds = Number(process.env["ROLLING_SECONDS"] ?? 0);
const crowdSize = 90;
const users = Array.from({ length: 30 }, (_, index) => `user-${index}`);
/** Keeps nothing. */
const crowded = "presence-crowd";
const kept = "orders";
const encrypted = "private-encrypted-orders";
const masterKey = Buffer.alloc(32, 5).toString("base64");

describeWithRedis("a rolling restart of three servers behind HAProxy", () => {
  let cluster: ServerCluster;
  let proxy: ProxyProcess;
  let receiver: WebhookReceiver;
  const folder = mkdtempSync(join(tmpdir(), "sealcast-rolling-"));

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    const events = ["channel_occupied", "channel_vacated", "member_added", "member_removed"];
    const app = {
      id: credentials.appId,
      key: credentials.key,
      secret: credentials.secret,
      history: [kept, encrypted].map((prefix) => ({ prefix, size: 10_000, ttlSeconds: 600 })),
      webhooks: [{ url: receiver.url(), events }],
    };
    const config = join(folder, "config.json");
    writeFileSync(config, JSON.stringify({ apps: [app], allowPrivateWebhookTargets: true }));
    // The load balancer asks every second who is ready.
    cluster = await startServerCluster(3, ["--config", config, "--drain-delay-seconds", "2", "--drain-seconds", "2"]);
    proxy = await startProxy(
      "haproxy",
      cluster.servers.map(({ port }) => port),
    );
  }, 120_000);
  afterAll(async () => {
    await proxy.close();
    await cluster.close();
    await receiver.close();
    rmSync(folder, { recursive: true });
  });

  test.skipIf(!isInstalled("haproxy"))(
    "[CLOSE6] [REC2] no publish fails, nothing is missed or repeated, and nobody seems to leave",
    { timeout: (seconds + 120) * 1_000 },
    async () => {
      const crowd = new Crowd(proxy.port);
      const recovering = await startRecovering(proxy.port);
      onTestFinished(() => crowd.end());
      await expect.poll(() => crowd.absent, { timeout: 20_000 }).toBe(0);
      await expect.poll(() => recovering.every(({ isSubscribed }) => isSubscribed), { timeout: 20_000 }).toBe(true);
      const publishers = await startPublishers(proxy.port);
      const end = Date.now() + seconds * 1_000;
      do {
        for (const server of cluster.servers) await restart(server, crowd);
      } while (Date.now() < end);
      for (const publisher of publishers) await publisher.end();
      expect(publishers.flatMap(({ failures }) => failures)).toEqual([]);
      const [, keptNumbers = [], encryptedNumbers = []] = publishers.map(({ next }) => numbersBelow(next));
      for (const client of recovering) {
        const complete = { [kept]: keptNumbers, [encrypted]: encryptedNumbers };
        const isDone = (): boolean => sizeOf(client.events) >= sizeOf(complete);
        await expect.poll(isDone, { timeout: 10_000 }).toBe(true);
        expect({ name: client.name, events: client.events }).toEqual({ name: client.name, events: complete });
        expect(new Set(Object.values(client.outcomes).flat())).toEqual(new Set(["pusher:recovered"]));
      }
      await expectCrowd(crowd);
      crowd.end();
      for (const client of recovering) await client.close();
      await expectWebhooks();
    },
  );

  async function restart(server: ClusterServer, crowd: Crowd): Promise<void> {
    const others = cluster.servers.filter((other) => other !== server);
    const before = await Promise.all(others.map((other) => other.connections()));
    const leaving = await server.connections();
    crowd.maxAbsent = 0;
    await server.end("SIGTERM");
    await expect.poll(() => crowd.absent, { timeout: 15_000 }).toBe(0);
    const after = await Promise.all(others.map((other) => other.connections()));
    // Clients come back one after the other, to both of the other servers.
    expect(crowd.maxAbsent).toBeLessThan(leaving * 0.8);
    expect(after.every((count, index) => count > (before[index] ?? 0))).toBe(true);
    await server.start(["--port", String(server.port)]);
    await isUsed(server);
  }

  /** Resolves when the load balancer sends new clients to the server. */
  async function isUsed(server: ClusterServer): Promise<void> {
    for (let number = 1; ; number = (number % 250) + 1) {
      const client = await RawClient.connect(proxy.port, { localAddress: `127.0.3.${number}` });
      const connections = await server.connections();
      client.drop();
      if (connections > 0) return;
    }
  }

  async function expectCrowd({ clients }: Crowd): Promise<void> {
    const counts = { occupied: true, user_count: users.length, connection_count: crowdSize, users: users.toSorted() };
    for (const { port } of cluster.servers) {
      await expect.poll(() => occupancyOn(port, crowded), { timeout: 5_000 }).toEqual(counts);
    }
    for (const { connections } of clients) {
      expect([...(connections.at(-1)?.members ?? [])].toSorted()).toEqual(users.toSorted());
      for (const { contradictions, events } of connections) {
        const [first = 0] = events;
        expect({ contradictions, events }).toEqual({
          contradictions: [],
          events: events.map((_, index) => first + index),
        });
      }
    }
  }

  async function expectWebhooks(): Promise<void> {
    await expect.poll(isReported, { timeout: 15_000 }).toBe(true);
    for (const channel of [crowded, kept, encrypted]) {
      expect(namesOf((event) => event.channel === channel && event.name.startsWith("channel_"))).toEqual([
        "channel_occupied",
        "channel_vacated",
      ]);
    }
    for (const user of users) {
      const names = namesOf((event) => event["user_id"] === user);
      // A client that a loaded machine keeps away for more than three seconds has left, and comes back.
      expect(names).toEqual(names.map((_, index) => (index % 2 === 0 ? "member_added" : "member_removed")));
    }
  }

  function isReported(): boolean {
    return [crowded, kept, encrypted].every(isVacated) && users.every(hasLeft);
  }

  function isVacated(channel: string): boolean {
    return namesOf((event) => event.channel === channel).includes("channel_vacated");
  }

  function hasLeft(user: string): boolean {
    return namesOf((event) => event["user_id"] === user).at(-1) === "member_removed";
  }

  function namesOf(isWanted: (event: ReceivedEvent) => boolean): readonly string[] {
    return receiver.events.filter(isWanted).map(({ name }) => name);
  }
});

/** Many clients of one presence channel: three of each user, each at an address of its own. */
class Crowd {
  readonly clients: readonly ReturningClient[];
  /** Most clients that were not subscribed at the same time, since a test has set this to 0. */
  maxAbsent = 0;

  constructor(port: number) {
    const changed = (): void => {
      this.maxAbsent = Math.max(this.maxAbsent, this.absent);
    };
    this.clients = Array.from({ length: crowdSize }, (_, index) => {
      const userId = users[index % users.length] ?? "";
      return new ReturningClient(port, crowded, userId, `127.0.1.${index + 1}`, changed);
    });
  }

  get absent(): number {
    return this.clients.filter(({ isSubscribed }) => !isSubscribed).length;
  }

  end(): void {
    for (const client of this.clients) client.end();
  }
}

/** Two clients of each library that can recover, each at an address of its own. */
async function startRecovering(port: number): Promise<readonly RecoveringClient[]> {
  const backend = await startAppBackend(port);
  const names = Object.keys(recoveringLibraries).flatMap((name) => [name, name]);
  const clients = await Promise.all(
    names.map(async (name, index) => {
      const network = await startTcpProxyFrom(`127.0.2.${index + 1}`, port);
      return new RecoveringClient(name, network, backend.url, [kept, encrypted]);
    }),
  );
  onTestFinished(async () => {
    for (const client of clients) await client.close();
    await backend.close();
  });
  return clients;
}

/** One publisher for each channel, each at an address of its own, with the retries of the library. */
async function startPublishers(port: number): Promise<readonly SteadyPublisher[]> {
  const data = (number: number, channel: string): unknown => (channel === crowded ? String(number) : { number });
  const networks = await Promise.all([1, 2, 3].map((number) => startTcpProxyFrom(`127.0.4.${number}`, port)));
  const publishers = [crowded, kept, encrypted].map((channel, index) => {
    const sealcast = new Sealcast({
      ...credentials,
      port: networks[index]?.port ?? 0,
      encryptionMasterKeyBase64: masterKey,
    });
    const event = channel === crowded ? "news" : "paid";
    return new SteadyPublisher((number) => sealcast.trigger(channel, event, data(number, channel)));
  });
  onTestFinished(async () => {
    for (const publisher of publishers) await publisher.end();
    for (const network of networks) await network.close();
  });
  return publishers;
}

function numbersBelow(end: number): readonly number[] {
  return Array.from({ length: end }, (_, number) => number);
}

function sizeOf(events: Readonly<Record<string, readonly number[]>>): number {
  return Object.values(events).reduce((sum, { length }) => sum + length, 0);
}
