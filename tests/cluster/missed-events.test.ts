// Clients are cut off while 10,000 events are published, their server is killed, and the key of the encrypted channel changes.
import { generateMasterKey, type Sealcast } from "@sealcast/server-sdk";
import { describeWithRedis } from "@sealcast/server-testing/redis";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startLiveBackends, type LiveBackends } from "../encryption/rotation/live-backends.ts";
import { credentials } from "../fixtures/credentials.ts";
import { RecoveringClient, recoveringLibraries } from "../fixtures/recovering-client.ts";
import { startBreakableLink } from "./fixtures/breakable-link.ts";
import { startServerCluster, type ServerCluster } from "./fixtures/server-cluster.ts";

const missed = 10_000;
/** Number of the first event that is encrypted with the new key. The official client asks for a key for each earlier one. */
const rotatedAt = 500;
const libraries = Object.keys(recoveringLibraries).filter((name) => name !== "laravel-echo");
/** Their history has room for just the missed events. */
const [plain, encrypted] = ["orders", "private-encrypted-orders"] as const;
/** Its history has not. */
const small = "small-orders";
const channels = [plain, encrypted, small];

describeWithRedis("clients that miss 10,000 events", () => {
  let cluster: ServerCluster;
  const folder = mkdtempSync(join(tmpdir(), "sealcast-missed-"));
  beforeAll(async () => {
    const kept = [plain, encrypted].map((prefix) => ({ prefix, size: missed, ttlSeconds: 600 }));
    const history = [...kept, { prefix: small, size: 100, ttlSeconds: 600 }];
    const config = join(folder, "config.json");
    const { appId: id, key, secret } = credentials;
    writeFileSync(config, JSON.stringify({ apps: [{ id, key, secret, history }] }));
    cluster = await startServerCluster(3, ["--config", config]);
  }, 120_000);
  afterAll(async () => {
    await cluster.close();
    rmSync(folder, { recursive: true });
  });

  test(
    "[REC2] [REC4] get all of them from another server, decrypted with old and new keys, or notice that some are lost",
    { timeout: 180_000 },
    async () => {
      const [dying, other, publishing] = cluster.servers.map(({ port }) => port);
      const [oldKey, newKey] = [generateMasterKey(), generateMasterKey()];
      const backends = await startLiveBackends(publishing ?? 0, [0], { ring: [{ key: oldKey }], rotationPauseMs: 0 });
      const { clients, links } = await startClients(dying ?? 0, backends);
      onTestFinished(async () => {
        for (const client of clients) await client.close();
        await backends.close();
      });
      await expect.poll(() => clients.every(({ isSubscribed }) => isSubscribed), { timeout: 20_000 }).toBe(true);
      const publish = (from: number, to: number): Promise<unknown> =>
        Promise.all(channels.map((channel) => publishNumbers(backends.next(), channel, from, to)));
      const received = (): readonly number[] =>
        clients.flatMap(({ events }) => channels.map((channel) => events[channel]?.length ?? 0));
      await publish(0, 10);
      await expect.poll(received, { timeout: 20_000 }).toEqual(received().map(() => 10));
      for (const link of links) link.cut();
      await publish(10, rotatedAt);
      await cluster.servers[0]?.end("SIGKILL");
      const ring = [{ key: oldKey }, { key: newKey, from: Date.now() }];
      backends.replaceRing({ ring, rotationPauseMs: 0 });
      await publish(rotatedAt, 10 + missed);
      for (const link of links) {
        link.redirect(other ?? 0);
        link.mend();
      }
      const outcomes = (): readonly string[] =>
        clients.flatMap((client) => channels.flatMap((channel) => client.outcomes[channel] ?? []));
      await expect.poll(() => outcomes().length, { timeout: 60_000 }).toBe(clients.length * channels.length);
      await publish(10 + missed, 20 + missed);
      const all = Array.from({ length: 20 + missed }, (_, number) => number);
      // The events of the channels come in any order.
      const last = (): readonly unknown[] =>
        clients.flatMap(({ events }) => channels.map((channel) => events[channel]?.at(-1)));
      await expect.poll(last, { timeout: 60_000 }).toEqual(last().map(() => all.at(-1)));
      for (const client of clients) expectHonest(client, all);
    },
  );
});

/** Every event once, in order; or `not_recovered`, if events are no longer kept or cannot be decrypted. */
function expectHonest({ name, events, outcomes }: RecoveringClient, all: readonly number[]): void {
  // The official client has one key for each channel: the new one.
  const isOfficial = name === "pusher-js";
  const opened = isOfficial ? all.filter((number) => number < 10 || number >= rotatedAt) : all;
  const keptBySmall = [...all.slice(0, 10), ...all.slice(10 + missed)];
  expect({ name, outcomes, events }).toEqual({
    name,
    outcomes: {
      [plain]: ["pusher:recovered"],
      [encrypted]: [isOfficial ? "pusher:not_recovered" : "pusher:recovered"],
      [small]: ["pusher:not_recovered"],
    },
    events: { [plain]: all, [encrypted]: opened, [small]: keptBySmall },
  });
}

async function startClients(
  port: number,
  { url }: LiveBackends,
): Promise<{
  readonly clients: readonly RecoveringClient[];
  readonly links: readonly Awaited<ReturnType<typeof startBreakableLink>>[];
}> {
  const links = await Promise.all(libraries.map(() => startBreakableLink(port)));
  const clients = links.map((link, index) => new RecoveringClient(libraries[index] ?? "", link, url, channels));
  return { clients, links };
}

/** Publishes events in order, the small channel's fewer. */
async function publishNumbers(sealcast: Sealcast, channel: string, from: number, to: number): Promise<void> {
  const numbers = Array.from({ length: to - from }, (_, index) => from + index);
  const sent = channel === small ? numbers.slice(-200) : numbers;
  await sealcast.triggerBatch(sent.map((number) => ({ channel, name: "paid", data: { number } })));
}
