import { describe, expect, test } from "vitest";
import { startDelayed, type DelayedEngine, type FakeClient, type SocketlessServer } from "@sealcast/server-testing";

const message = "The server cannot reach the other servers of its cluster; try again";
const refused = { event: "pusher:error", data: { message, code: null } };

async function withUnavailableEngine(): Promise<
  SocketlessServer & { engine: DelayedEngine; settle: () => Promise<void>; client: FakeClient }
> {
  const server = await startDelayed();
  const client = server.connect();
  client.join("presence-room", "ada");
  await server.engine.settle();
  client.take();
  server.engine.setStatus("unavailable");
  return { ...server, client, settle: () => server.engine.settle() };
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

  test("a subscription is refused in both ways, and the connection stays", async () => {
    const { client, settle } = await withUnavailableEngine();
    client.send({ event: "pusher:subscribe", data: { channel: "news" } });
    await settle();
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

  test("a sign-in and a client event are refused, and the connection stays", async () => {
    const { client, settle } = await withUnavailableEngine();
    client.signIn({ id: "ada" });
    client.whisper("presence-room", "client-a", {});
    await settle();
    expect(client.take()).toEqual([refused, refused]);
    expect(client.closeCode).toBeUndefined();
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
