import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { RawClient } from "../fixtures/raw-client.ts";
import { SealcastProcess } from "../fixtures/sealcast-process.ts";
import { WebhookReceiver } from "../fixtures/webhook-receiver.ts";

let folder = "";
let receiver: WebhookReceiver;
const servers: SealcastProcess[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sealcast-durable-"));
  receiver = await WebhookReceiver.start();
});

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.signal("SIGKILL");
    await server.exited;
  }
  await receiver.close();
  rmSync(folder, { recursive: true });
});

/** The command with a queue in this test's folder. */
async function start(events: readonly string[], options: Readonly<Record<string, unknown>> = {}): Promise<number> {
  const file = join(folder, "sealcast.json");
  const apps = [
    {
      id: "1001",
      key: "app-key",
      secret: "app-secret",
      clientEvents: true,
      clientEventsPerSecond: 100_000,
      webhooks: events.length === 0 ? [] : [{ url: receiver.url(), events }],
    },
  ];
  const settings = { dataDirectory: join(folder, "data"), allowPrivateWebhookTargets: true, maxMessagesPerSecond: 0 };
  writeFileSync(file, JSON.stringify({ ...settings, drainSeconds: 0, apps, ...options }));
  const [server, port] = await SealcastProcess.start(["--config", file]);
  servers.push(server);
  return port;
}

async function stop(signal: NodeJS.Signals): Promise<void> {
  const server = servers.pop();
  server?.signal(signal);
  await server?.exited;
}

describe("what was accepted", () => {
  test("[WHQ1] is delivered after kill -9 and a restart, in order per channel, twice only under the same id with the same bytes", async () => {
    const port = await start(["client_event"]);
    const client = await RawClient.connect(port);
    const channels = ["private-a", "private-b", "private-c"];
    for (const channel of channels) await client.subscribe(channel);
    // Before the kill nothing is delivered: every other request fails, and the others are not answered.
    let requests = 0;
    receiver.answer = () => ((requests += 1) % 2 === 0 ? 500 : undefined);
    for (let index = 0; index < 300; index += 1) {
      client.send({ event: `client-${index}`, channel: channels[index % 3], data: String(index) });
    }
    await client.settled();
    // Events are accepted in order: when this one arrives, all others are on the disk.
    await client.subscribe("private-last");
    client.send({ event: "client-last", channel: "private-last", data: "" });
    await receiver.next(({ channel }) => channel === "private-last");
    await stop("SIGKILL");
    await client.closed;
    receiver.answer = () => 200;
    await start(["client_event"]);
    await receiver.until((events) => new Set(events.map((event) => event["event"])).size === 301);

    const byId = new Map<string, string>();
    for (const { id, rawBody } of receiver.received) {
      expect(byId.get(id) ?? rawBody).toBe(rawBody);
      byId.set(id, rawBody);
    }
    const firstOfEach = [...new Set(receiver.events.map((event) => JSON.stringify(event)))].map(
      (text) => JSON.parse(text) as { channel: string; event: string },
    );
    expect(firstOfEach).toHaveLength(301);
    for (const [offset, channel] of channels.entries()) {
      const names = firstOfEach.filter((event) => event.channel === channel).map(({ event }) => event);
      expect(names).toEqual(Array.from({ length: 100 }, (_, index) => `client-${index * 3 + offset}`));
    }
    expect(byId.size).toBe(301);
  }, 60_000);

  test("[WHQ8] a channel whose subscribers come back after kill -9 is reported once, one whose subscribers do not is vacated", async () => {
    const kinds = ["channel_occupied", "channel_vacated"];
    const port = await start(kinds);
    const client = await RawClient.connect(port);
    await client.subscribe("stays");
    await client.subscribe("goes");
    await receiver.next(({ channel }) => channel === "goes");
    await stop("SIGKILL");
    await client.closed;
    const next = await RawClient.connect(await start(kinds));
    await next.subscribe("stays");
    // A restarted server gives clients ten seconds to come back.
    await receiver.until((events) => events.some(({ name }) => name === "channel_vacated"));
    // A delivery whose answer the killed server did not see comes twice, under the same id.
    const deliveries = new Map(receiver.received.map(({ id, events }) => [id, events[0]]));
    expect([...deliveries.values()].map((event) => `${event?.channel} ${event?.name}`).toSorted()).toEqual([
      "goes channel_occupied",
      "goes channel_vacated",
      "stays channel_occupied",
    ]);
    await next.close();
  }, 60_000);

  test("is delivered before a server that received the signal to stop exits", async () => {
    const port = await start(["client_event"]);
    const client = await RawClient.connect(port);
    await client.subscribe("private-a");
    for (let index = 0; index < 50; index += 1)
      client.send({ event: `client-${index}`, channel: "private-a", data: "1" });
    await client.settled();
    const server = servers[0];
    await stop("SIGTERM");
    expect(await server?.exited).toBe(0);
    expect(receiver.events).toHaveLength(50);
  }, 60_000);
});

describe("the queue's file", () => {
  test("is not made for a server without webhooks", async () => {
    const client = await RawClient.connect(await start([]));
    await client.subscribe("a");
    await client.close();
    expect(readdirSync(folder)).toEqual(["sealcast.json"]);
  });

  test("that cannot be made stops the start with a reason", async () => {
    writeFileSync(join(folder, "data"), "a file in place of the folder");
    const file = join(folder, "sealcast.json");
    const webhooks = [{ url: receiver.url(), events: ["cache_miss"] }];
    const apps = [{ id: "1", key: "app-key", secret: "app-secret", webhooks }];
    writeFileSync(file, JSON.stringify({ dataDirectory: join(folder, "data"), apps }));
    const server = new SealcastProcess(["start", "--port", "0", "--config", file]);
    expect(await server.exited).not.toBe(0);
    expect(server.stderr).toContain("expected  a folder for the queue of the webhooks");
  });
});
