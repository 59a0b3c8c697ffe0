import { Sealcast } from "@sealcast/server-sdk";
import type { AppKey } from "@sealcast/protocol";
import type { TestServer } from "@sealcast/server-testing";
import Pusher from "pusher";
import { afterEach, describe, expect, test } from "vitest";
import { RawClient } from "../fixtures/raw-client.ts";
import { WebhookReceiver, type ReceivedWebhook } from "../fixtures/webhook-receiver.ts";
import { startWebhookServer } from "./webhook-server.ts";

const official = new Pusher({ appId: "1001", key: "app-key", secret: "app-secret", host: "127.0.0.1" });
const ours = new Sealcast({ appId: "1001", key: "app-key", secret: "app-secret", host: "127.0.0.1" });

let openReceiver: WebhookReceiver | undefined;
let openServer: TestServer | undefined;
const clients: RawClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.drop();
  await openServer?.close();
  await openReceiver?.close();
  openServer = undefined;
  openReceiver = undefined;
});

async function start(
  settings?: Parameters<typeof startWebhookServer>[1],
  app?: Parameters<typeof startWebhookServer>[2],
): Promise<{ receiver: WebhookReceiver; server: TestServer }> {
  const receiver = await WebhookReceiver.start();
  openReceiver = receiver;
  const server = await startWebhookServer(receiver, settings, app);
  openServer = server;
  return { receiver, server };
}

async function connect(): Promise<RawClient> {
  const client = await RawClient.connect(openServer?.port ?? 0);
  clients.push(client);
  return client;
}

/** What the official library and ours make of a request; both must accept it. */
function read({ headers, rawBody, id }: ReceivedWebhook): unknown[] {
  const webhook = official.webhook({ headers: headers, rawBody });
  expect([webhook.isValid(), webhook.isContentTypeValid(), webhook.isBodyValid()]).toEqual([true, true, true]);
  const opened = ours.webhook({ headers: headers, rawBody });
  expect(opened.deliveryId).toBe(id);
  expect(opened.time.getTime()).toBe(webhook.getTime().getTime());
  return webhook.getEvents();
}

describe("webhooks of a running server", () => {
  test("[HOOK1 HOOK5] a channel is occupied, counted and vacated", async () => {
    const { receiver } = await start();
    const client = await connect();
    await client.subscribe("my-channel");
    const occupied = await receiver.next(({ name }) => name === "channel_occupied");
    expect(read(occupied)).toEqual([{ name: "channel_occupied", channel: "my-channel" }]);
    const counted = await receiver.next(({ name }) => name === "subscription_count");
    expect(read(counted)).toEqual([{ name: "subscription_count", channel: "my-channel", subscription_count: 1 }]);
    client.unsubscribe("my-channel");
    const vacated = await receiver.next(({ name }) => name === "channel_vacated");
    expect(read(vacated)).toEqual([{ name: "channel_vacated", channel: "my-channel" }]);
    expect(occupied.headers["content-type"]).toBe("application/json");
    expect(occupied.headers["x-pusher-key"]).toBe("app-key");
  });

  test("[HOOK5] members come and go, once for each user", async () => {
    const { receiver } = await start({ events: ["member_added", "member_removed"] });
    const [first, second] = [await connect(), await connect()];
    await first.join("presence-room", "ada");
    await second.join("presence-room", "ada");
    expect(read(await receiver.next())).toEqual([{ name: "member_added", channel: "presence-room", user_id: "ada" }]);
    second.drop();
    first.drop();
    expect(read(await receiver.next())).toEqual([{ name: "member_removed", channel: "presence-room", user_id: "ada" }]);
    expect(receiver.received).toHaveLength(2);
  });

  test("[HOOK5] client events carry sender and user, and the data as it was sent", async () => {
    const { receiver } = await start({ events: ["client_event"] });
    const client = await connect();
    await client.join("presence-room", "ada");
    await client.subscribe("private-x");
    client.send({ event: "client-typing", channel: "presence-room", data: { on: true } });
    expect(read(await receiver.next())).toEqual([
      {
        name: "client_event",
        channel: "presence-room",
        event: "client-typing",
        data: '{"on":true}',
        socket_id: client.socketId,
        user_id: "ada",
      },
    ]);
    client.send({ event: "client-a", channel: "private-x", data: "text" });
    expect(read(await receiver.next())).toEqual([
      { name: "client_event", channel: "private-x", event: "client-a", data: "text", socket_id: client.socketId },
    ]);
  });

  test("[HOOK5] a refused client event is not reported", async () => {
    const { receiver } = await start({ events: ["client_event"] });
    const client = await connect();
    client.send({ event: "client-a", channel: "private-nobody", data: "1" });
    await client.error();
    await client.subscribe("private-x");
    client.send({ event: "client-b", channel: "private-x", data: "2" });
    expect(await receiver.next()).toMatchObject({ events: [{ event: "client-b" }] });
    expect(receiver.received).toHaveLength(1);
  });

  test("[HOOK5] client events on encrypted channels carry the payload, never plaintext", async () => {
    const { receiver } = await start({ events: ["client_event"] });
    const client = await connect();
    await client.subscribe("private-encrypted-x");
    const payload = {
      nonce: Buffer.alloc(24, 1).toString("base64"),
      ciphertext: Buffer.alloc(40, 2).toString("base64"),
    };
    client.send({ event: "client-secret", channel: "private-encrypted-x", data: { text: "plaintext" } });
    await client.error();
    client.send({ event: "client-secret", channel: "private-encrypted-x", data: payload });
    const [event] = (await receiver.next()).events;
    expect(JSON.parse(String(event?.["data"]))).toEqual(payload);
    expect(JSON.stringify(receiver.received)).not.toContain("plaintext");
  });

  test("[HOOK5] an empty cache is reported once for subscribers of the same moment", async () => {
    const { receiver } = await start({ events: ["cache_miss"] });
    const all = await Promise.all(Array.from({ length: 5 }, () => connect()));
    await Promise.all(all.map((client) => client.subscribe("cache-prices")));
    expect(read(await receiver.next())).toEqual([{ name: "cache_miss", channel: "cache-prices" }]);
    expect(receiver.received).toHaveLength(1);
  });

  test("[HOOK4] a page reload sends nothing", async () => {
    const { receiver } = await start({
      events: ["channel_occupied", "channel_vacated", "member_added", "member_removed"],
    });
    const before = await connect();
    await before.join("presence-room", "ada");
    await receiver.next(({ name }) => name === "member_added");
    before.drop();
    await before.closed;
    const after = await connect();
    await after.join("presence-room", "ada");
    await after.subscribe("other");
    // This comes after everything that the reload could have caused.
    after.unsubscribe("other");
    await receiver.next(({ name, channel }) => name === "channel_vacated" && channel === "other");
    expect(
      receiver.events
        .filter(({ channel }) => channel === "presence-room")
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(["channel_occupied", "member_added"]);
  });

  test("[HOOK1] the oldest live key signs; its removal changes the key of the next request", async () => {
    const old = { key: "old-key" as AppKey, secret: "old-secret" };
    const fresh = { key: "new-key" as AppKey, secret: "new-secret" };
    const { receiver, server } = await start({ events: ["channel_occupied"] }, { credentials: [old, fresh] });
    const client = new RawClient(server.port, { path: "/app/new-key?protocol=7" });
    clients.push(client);
    await client.greeted();
    await client.subscribe("a");
    const first = await receiver.next();
    expect(first.headers["x-pusher-key"]).toBe("old-key");
    const { headers, rawBody } = first;
    expect(official.webhook({ headers: headers, rawBody }).isValid([old])).toBe(true);
  });

  test("[HOOK6] channels and events that a URL did not choose are not sent, and its headers are", async () => {
    const { receiver } = await start({
      events: ["channel_occupied"],
      channels: { prefix: "orders-", suffix: "-eu" },
      headers: { "X-Tenant": "7" },
    });
    const client = await connect();
    for (const channel of ["orders-us", "x-eu", "orders-1-eu"]) await client.subscribe(channel);
    const webhook = await receiver.next();
    expect(read(webhook)).toEqual([{ name: "channel_occupied", channel: "orders-1-eu" }]);
    expect(webhook.headers["x-tenant"]).toBe("7");
    expect(receiver.received).toHaveLength(1);
  });

  test("[HOOK2] a batch carries the events of the same moment", async () => {
    const { receiver } = await start({ batch: true });
    const client = await connect();
    await Promise.all(["a", "b", "c"].map((channel) => client.subscribe(channel)));
    await receiver.next();
    expect(read(receiver.received[0] as ReceivedWebhook).length).toBeGreaterThan(1);
  });

  test("a server that stops first sends what waits", async () => {
    const { receiver, server } = await start({ events: ["client_event"], batch: true });
    const client = await connect();
    await client.subscribe("private-x");
    client.send({ event: "client-last", channel: "private-x", data: "words" });
    await client.settled();
    await server.server.drain();
    expect(receiver.events).toMatchObject([{ event: "client-last" }]);
  });
});
