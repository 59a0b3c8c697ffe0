import { channelAuth, startServer, testApp, type TestServer } from "@sealcast/server-testing";
import Pusher from "pusher";
import PusherModule from "pusher-js";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { Inbox } from "../fixtures/inbox.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { credentials } from "../fixtures/credentials.ts";

// pusher-js is CommonJS: its types promise a default export, Node.js gives the class itself.
const PusherClient = PusherModule as unknown as typeof PusherModule.default;
type Client = InstanceType<typeof PusherClient>;

let server: TestServer;
let backend: Pusher;
beforeAll(async () => {
  server = await startServer({ apps: [testApp({ maxEventBytes: 600_000 })], settings: { maxOutboxBytes: 4_194_304 } });
  backend = new Pusher({ ...credentials, host: "127.0.0.1", port: String(server.port), useTLS: false });
});
afterAll(() => server.close());

interface Target {
  readonly key?: string;
  readonly port?: number;
}

function connect(transport: "xhr_streaming" | "xhr_polling", target: Target = {}): Client {
  const client = new PusherClient(target.key ?? credentials.key, {
    cluster: "mt1",
    httpHost: "127.0.0.1",
    httpPort: target.port ?? server.port,
    forceTLS: false,
    enableStats: false,
    enabledTransports: [transport],
    channelAuthorization: {
      transport: "ajax",
      endpoint: "",
      customHandler({ socketId, channelName }, done) {
        const member = JSON.stringify({ user_id: "u" });
        const data = channelName.startsWith("presence-") ? { channel_data: member } : {};
        done(null, { auth: channelAuth(socketId, channelName, data.channel_data), ...data });
      },
    },
  });
  onTestFinished(() => client.disconnect());
  return client;
}

/** Subscribes and gives the events that come. */
async function on(client: Client, channelName: string, ...events: string[]): Promise<Inbox<unknown>> {
  const inbox = new Inbox<unknown>();
  const channel = client.subscribe(channelName);
  for (const event of events) channel.bind(event, (data: unknown) => inbox.put(data));
  await new Promise((resolve, reject) => {
    channel.bind("pusher:subscription_succeeded", resolve);
    channel.bind("pusher:subscription_error", reject);
  });
  return inbox;
}

describe.each(["xhr_streaming", "xhr_polling"] as const)("pusher-js over %s", (transport) => {
  test("connects, subscribes to channels of several kinds and receives their events in order", async () => {
    const client = connect(transport);
    for (const channel of ["fallback", "private-fallback", "presence-fallback"]) {
      const inbox = await on(client, channel, "number");
      const numbers = Array.from({ length: 30 }, (_, index) => index);
      for (const number of numbers) await backend.trigger(channel, "number", number);
      for (const number of numbers) expect(await inbox.next()).toBe(number);
    }
    expect(client.connection.state).toBe("connected");
  });

  test("sends client events, and leaves when it goes", async () => {
    const client = connect(transport);
    await on(client, "private-talk", "client-hello");
    const other = await RawClient.connect(server.port);
    other.send({
      event: "pusher:subscribe",
      data: { channel: "private-talk", auth: channelAuth(other.socketId, "private-talk") },
    });
    await other.next("pusher_internal:subscription_succeeded");
    client.channel("private-talk").trigger("client-hello", { é: "😀" });
    expect((await other.next("client-hello")).data).toBe('{"é":"😀"}');
    client.unsubscribe("private-talk");
    await other.close();
    await expect
      .poll(async () => (await backend.get({ path: "/channels/private-talk" })).json() as Promise<unknown>)
      .toMatchObject({ occupied: false });
  });

  test("gets more than fits in one stream, with large events, and nothing twice or lost", async () => {
    const client = connect(transport);
    const inbox = await on(client, "much", "part");
    const lengths = Array.from({ length: 60 }, (_, index) => (index % 20 === 19 ? 300_000 : 12_000));
    for (const [index, length] of lengths.entries()) {
      await backend.trigger("much", "part", { index, text: "é".repeat(length / 2) });
    }
    for (const [index, length] of lengths.entries()) {
      expect(await inbox.next()).toEqual({ index, text: "é".repeat(length / 2) });
    }
  });

  test("gets the reason if it is refused", async () => {
    const errors = new Inbox<unknown>();
    const client = connect(transport, { key: "other-key" });
    client.connection.bind("error", (error: unknown) => errors.put(error));
    expect(await errors.next()).toMatchObject({ error: { data: { code: 4001 } } });
    await expect.poll(() => client.connection.state).toBe("disconnected");
  });
});

test("pusher-js over xhr_streaming gets the close code to reconnect when the server stops", async () => {
  const own = await startServer({ settings: { drainSeconds: 1 } });
  const client = connect("xhr_streaming", { port: own.port });
  const errors = new Inbox<unknown>();
  await on(client, "leaving");
  client.connection.bind("error", (error: unknown) => errors.put(error));
  await own.server.drain();
  expect(await errors.next()).toMatchObject({ data: { code: 4200 } });
});
