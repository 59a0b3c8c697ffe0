import { describe, expect, test } from "vitest";
import {
  startDelayed,
  testApp,
  type DelayedEngine,
  type FakeClient,
  type SocketlessServer,
} from "@sealcast/server-testing";

const message = "The server cannot reach the other servers of its cluster; try again";
const refused = { event: "pusher:error", data: { message, code: null } };

interface Unavailable extends SocketlessServer {
  readonly engine: DelayedEngine;
  readonly settle: () => Promise<void>;
  /** Lets time pass. */
  readonly wait: (seconds: number) => Promise<void>;
  readonly client: FakeClient;
}

async function withUnavailableEngine(): Promise<Unavailable> {
  const history = [{ prefix: "orders", size: 9, ttlSeconds: 60 }];
  const server = await startDelayed({ apps: [testApp({ history, subscriptionCount: false })] });
  const client = server.connect();
  client.join("presence-room", "ada");
  await server.engine.settle();
  client.take();
  server.engine.setStatus("unavailable");
  const wait = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      await server.engine.settle();
      server.clock.advance(1_000);
    }
    await server.engine.settle();
  };
  return { ...server, client, settle: () => server.engine.settle(), wait };
}

describe("[ERR3] while the engine is unavailable", () => {
  test.each([
    ["POST", "/events", { name: "a", channel: "b", data: "c" }],
    ["POST", "/batch_events", { batch: [{ name: "a", channel: "b", data: "c" }] }],
    ["POST", "/channels/b/events", { name: "a" }],
    ["POST", "/users/ada/terminate_connections", {}],
    ["GET", "/channels", undefined],
    ["GET", "/channels/presence-room", undefined],
    ["GET", "/channels/presence-room/users", undefined],
    ["GET", "/channels/presence-room/stats", undefined],
  ] as const)("%s %s is answered 503, with a time to try again", async (method, path, body) => {
    const { get, post, settle } = await withUnavailableEngine();
    const reply = method === "GET" ? get(path) : post(path, body, { name: "a" });
    await settle();
    expect(await reply).toMatchObject({ status: 503, headers: { "retry-after": "1" }, body: `${message}\n` });
  });

  test("a subscription and a sign-in wait until the engine is back", async () => {
    const { client, engine, wait } = await withUnavailableEngine();
    client.send({ event: "pusher:subscribe", data: { channel: "news" } });
    client.signIn({ id: "ada" });
    await wait(10);
    expect(client.take()).toEqual([]);
    engine.setStatus("ready");
    await wait(2);
    expect(client.take()).toMatchObject([
      { event: "pusher_internal:subscription_succeeded", channel: "news" },
      { event: "pusher:signin_success" },
    ]);
  });

  test("a subscription is refused in both ways after 20 seconds, and the connection stays", async () => {
    const { client, wait } = await withUnavailableEngine();
    client.send({ event: "pusher:subscribe", data: { channel: "news" } });
    await wait(21);
    expect(client.take()).toEqual([
      refused,
      {
        event: "pusher:subscription_error",
        channel: "news",
        data: { type: "SubscriptionError", error: message, status: 503 },
      },
    ]);
    expect(client.closeCode).toBeUndefined();
  });

  test("a sign-in is refused after 20 seconds, and a client event at once", async () => {
    const { client, settle, wait } = await withUnavailableEngine();
    client.whisper("presence-room", "client-a", {});
    await settle();
    expect(client.take()).toEqual([refused]);
    client.signIn({ id: "ada" });
    await wait(21);
    expect(client.take()).toEqual([refused]);
    expect(client.closeCode).toBeUndefined();
  });

  test("a subscription that waits is forgotten when its connection ends", async () => {
    const { client, engine, wait, get, settle } = await withUnavailableEngine();
    client.send({ event: "pusher:subscribe", data: { channel: "news" } });
    await wait(1);
    client.drop();
    engine.setStatus("ready");
    await wait(2);
    const channels = get("/channels");
    await settle();
    expect((await channels).body).toBe('{"channels":{}}');
  });

  test("[REC4] a recovery waits, too, and answers that events may be missing after 20 seconds", async () => {
    const { client, engine, post, settle, wait } = await withUnavailableEngine();
    engine.setStatus("ready");
    const published = post("/events", { name: "paid", channel: "orders", data: "1" }, { name: "paid" });
    await settle();
    await published;
    client.send({ event: "pusher:subscribe", data: { channel: "orders" } });
    await settle();
    client.send({ event: "sealcast:recover", channel: "orders", data: {} });
    await settle();
    const [position] = client.take().filter(({ event }) => event === "pusher_internal:position");
    const epoch = (position?.data as { readonly epoch: string } | undefined)?.epoch;
    engine.setStatus("unavailable");
    client.send({ event: "sealcast:recover", channel: "orders", data: { epoch, offset: 0 } });
    await wait(10);
    expect(client.take()).toEqual([]);
    await wait(11);
    expect(client.take()).toMatchObject([{ event: "pusher_internal:position", data: { offset: 1, recovered: false } }]);
  });

  test("[ENG2] readiness is 503, and a line is logged for each change", async () => {
    const { transport, engine, log } = await startDelayed();
    const ready = async (): Promise<number> => (await transport.request({ path: "/health/ready" })).status;
    expect(await ready()).toBe(200);
    engine.setStatus("unavailable");
    expect(await ready()).toBe(503);
    engine.setStatus("ready");
    expect(await ready()).toBe(200);
    expect(log.filter(({ event }) => event.startsWith("engine."))).toMatchObject([
      { level: "warn", event: "engine.unavailable" },
      { level: "info", event: "engine.ready" },
    ]);
  });

  test("connections that end leave their channels", async () => {
    const { client, engine, get } = await withUnavailableEngine();
    client.drop();
    await engine.settle();
    engine.setStatus("ready");
    const channels = get("/channels");
    await engine.settle();
    expect((await channels).body).toBe('{"channels":{}}');
  });
});
