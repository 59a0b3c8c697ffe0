import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "vitest";
import { RawClient } from "../fixtures/raw-client.ts";
import { SealcastProcess } from "../fixtures/sealcast-process.ts";
import { WebhookReceiver } from "../fixtures/webhook-receiver.ts";

/** Closes what a test has opened. */
type Cleanup = (close: () => Promise<void>) => void;

/** A folder for a queue, a receiver, and servers that follow one another with this queue. */
class Durable {
  readonly folder = mkdtempSync(join(tmpdir(), "sealcast-durable-"));
  readonly receiver: WebhookReceiver;
  #server: SealcastProcess | undefined;

  private constructor(receiver: WebhookReceiver) {
    this.receiver = receiver;
  }

  static async create(atEnd: Cleanup): Promise<Durable> {
    const durable = new Durable(await WebhookReceiver.start());
    atEnd(async () => {
      await durable.stop("SIGKILL");
      await durable.receiver.close();
      rmSync(durable.folder, { recursive: true });
    });
    return durable;
  }

  /** Starts the command with webhooks for these events. Returns its port. */
  async start(events: readonly string[]): Promise<number> {
    const file = join(this.folder, "sealcast.json");
    const apps = [
      {
        id: "1001",
        key: "app-key",
        secret: "app-secret",
        clientEvents: true,
        clientEventsPerSecond: 100_000,
        webhooks: events.length === 0 ? [] : [{ url: this.receiver.url(), events }],
      },
    ];
    const dataDirectory = join(this.folder, "data");
    const settings = { dataDirectory, allowPrivateWebhookTargets: true, maxMessagesPerSecond: 0, drainSeconds: 0 };
    writeFileSync(file, JSON.stringify({ ...settings, apps }));
    const [server, port] = await SealcastProcess.start(["--config", file]);
    this.#server = server;
    return port;
  }

  /** Ends the server. Returns its exit code. */
  async stop(signal: NodeJS.Signals): Promise<number | null | undefined> {
    this.#server?.signal(signal);
    return this.#server?.exited;
  }
}

// Each test has servers of its own; they wait at the same time.
describe.concurrent("what was accepted", () => {
  test("[WHQ1] is delivered after kill -9 and a restart, in order per channel, twice only under the same id with the same bytes", async ({
    expect,
    onTestFinished,
  }) => {
    const durable = await Durable.create(onTestFinished);
    const { receiver } = durable;
    const port = await durable.start(["client_event"]);
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
    await durable.stop("SIGKILL");
    await client.closed;
    receiver.answer = () => 200;
    await durable.start(["client_event"]);
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

  test("[WHQ8] a channel whose subscribers come back after kill -9 is reported once, one whose subscribers do not is vacated", async ({
    expect,
    onTestFinished,
  }) => {
    const durable = await Durable.create(onTestFinished);
    const { receiver } = durable;
    const kinds = ["channel_occupied", "channel_vacated"];
    const port = await durable.start(kinds);
    const client = await RawClient.connect(port);
    await client.subscribe("stays");
    await client.subscribe("goes");
    await receiver.next(({ channel }) => channel === "goes");
    await durable.stop("SIGKILL");
    await client.closed;
    const next = await RawClient.connect(await durable.start(kinds));
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

  test("is delivered before a server that received the signal to stop exits", async ({ expect, onTestFinished }) => {
    const durable = await Durable.create(onTestFinished);
    const port = await durable.start(["client_event"]);
    const client = await RawClient.connect(port);
    await client.subscribe("private-a");
    for (let index = 0; index < 50; index += 1)
      client.send({ event: `client-${index}`, channel: "private-a", data: "1" });
    await client.settled();
    expect(await durable.stop("SIGTERM")).toBe(0);
    expect(durable.receiver.events).toHaveLength(50);
  }, 60_000);
});

describe.concurrent("the queue's file", () => {
  test("is not made for a server without webhooks", async ({ expect, onTestFinished }) => {
    const durable = await Durable.create(onTestFinished);
    const client = await RawClient.connect(await durable.start([]));
    await client.subscribe("a");
    await client.close();
    expect(readdirSync(durable.folder)).toEqual(["sealcast.json"]);
  });

  test("that cannot be made stops the start with a reason", async ({ expect, onTestFinished }) => {
    const { folder, receiver } = await Durable.create(onTestFinished);
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
