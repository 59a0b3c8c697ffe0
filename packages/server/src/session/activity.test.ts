import { describe, expect, test } from "vitest";
import { RecordingObserver, startSocketless, testApp, type FakeClient } from "@sealcast/server-testing";
import type { Activity, ActivityKind } from "../core/monitoring/activity.ts";

const app = "1001";

async function observed(kinds?: readonly ActivityKind[]): Promise<{
  connect: () => FakeClient;
  post: (path: string, body: unknown) => Promise<{ readonly status: number }>;
  clock: { advance: (ms: number) => void };
  take: () => readonly Activity[];
  server: Awaited<ReturnType<typeof startSocketless>>;
}> {
  const observer = new RecordingObserver(kinds);
  const server = await startSocketless({ observers: [observer], apps: [testApp({ maxConnections: 2 })] });
  return { ...server, server, take: () => observer.take() };
}

describe("what observers get", () => {
  test("a connection: how it opened, and how it ended", async () => {
    const { server, take, clock } = await observed(["connection-opened", "connection-closed", "connection-refused"]);
    const opening = { query: "protocol=7&client=js&version=8.6.0", origin: "https://example.com" };
    const client = server.transport.connect(opening);
    const details = { origin: "https://example.com", sdk: "js 8.6.0" };
    const { socketId } = client;
    expect(take()).toMatchObject([{ kind: "connection-opened", app, socketId, ...details, protocolVersion: 7 }]);
    client.join("presence-a", "ada");
    client.subscribe("private-b");
    clock.advance(1_500);
    client.drop();
    expect(take()).toMatchObject([
      {
        kind: "connection-closed",
        app,
        socketId,
        ...details,
        code: undefined,
        channels: ["presence-a", "private-b"],
        lifetimeMs: 1_500,
      },
    ]);
    server.transport.connect({ path: "/app/nobody", ...opening });
    server.transport.connect({ path: "/elsewhere", ...opening });
    expect(take()).toMatchObject([
      { kind: "connection-refused", app: undefined, key: "nobody", code: 4001, ...details },
      { kind: "connection-refused", app: undefined, key: undefined, code: 4005, ...details },
    ]);
  });

  test("a connection that the server closes: the code and its reason", async () => {
    const { connect, take, clock } = await observed(["connection-closed"]);
    const { socketId } = connect();
    for (let seconds = 0; seconds < 200; seconds += 1) clock.advance(1_000);
    expect(take()).toMatchObject([
      { kind: "connection-closed", socketId, code: 4201, reason: "Pong not received in time" },
    ]);
  });

  test("subscriptions, members, and what they change", async () => {
    const { connect, take } = await observed();
    const client = connect();
    const { socketId } = client;
    take();
    client.join("presence-cache-a", "ada");
    client.unsubscribe("presence-cache-a");
    const channel = "presence-cache-a";
    expect(take().filter(({ kind }) => kind !== "delivered")).toEqual([
      { kind: "subscribed", app, socketId, channel, userId: "ada" },
      { kind: "cache-miss", app, socketId, channel },
      { kind: "occupied", app, channel },
      { kind: "member-added", app, channel, userId: "ada" },
      { kind: "subscription-count", app, channel, count: 1 },
      { kind: "unsubscribed", app, socketId, channel, userId: "ada" },
      { kind: "member-removed", app, channel, userId: "ada" },
      { kind: "subscription-count", app, channel, count: 0 },
      { kind: "vacated", app, channel },
    ]);
  });

  test("events: those of the API, those of clients, and to how many connections they go", async () => {
    const { connect, post, take } = await observed(["published", "client-event", "delivered"]);
    const [ada, bob] = [connect(), connect()];
    ada.join("presence-a", "ada");
    bob.join("presence-a", "bob");
    take();
    await post("/events", { name: "hi", channels: ["presence-a", "b"], data: "{}" });
    ada.whisper("presence-a", "client-hi", { x: 1 });
    const [delivered, published, relayed, whispered, ...others] = take();
    const message = '{"event":"hi","channel":"presence-a","data":"{}"}';
    const channels = ["presence-a", "b"];
    expect(published).toEqual({ kind: "published", app, event: "hi", channels, data: "{}" });
    expect(delivered).toEqual({
      kind: "delivered",
      app,
      channel: "presence-a",
      connections: 2,
      length: message.length,
    });
    expect(relayed).toMatchObject({ kind: "delivered", channel: "presence-a", connections: 1 });
    expect(whispered).toEqual({
      kind: "client-event",
      app,
      socketId: ada.socketId,
      channel: "presence-a",
      userId: "ada",
      event: "client-hi",
      data: '{"x":1}',
    });
    expect(others).toEqual([]);
  });

  test("refusals, without what was refused", async () => {
    const { connect, post, take, server } = await observed(["message-refused", "request-refused"]);
    const client = connect();
    client.send({ event: "pusher:subscribe", data: { channel: "private-a", auth: "app-key:secret" } });
    await post("/events", { name: "hi", channel: "a b", data: "top secret" });
    await server.transport.request({ path: "/nowhere" });
    const refused = take();
    expect(refused).toMatchObject([
      { kind: "message-refused", app, socketId: client.socketId, error: "invalidSignature", channel: "private-a" },
      { kind: "request-refused", app, method: "POST", path: "/apps/1001/events", status: 400 },
      { kind: "request-refused", app: undefined, method: "GET", path: "/nowhere", status: 404 },
    ]);
    expect(JSON.stringify(refused)).not.toContain("top secret");
  });

  test("the app, the connection and the user of a sign-in", async () => {
    const { connect, take } = await observed(["signed-in"]);
    const client = connect();
    client.signIn({ id: "ada" });
    expect(take()).toEqual([{ kind: "signed-in", app, socketId: client.socketId, userId: "ada" }]);
  });
});

test("nothing is built for an observer that wants nothing", async () => {
  const { connect, post, take } = await observed([]);
  connect().join("presence-a", "ada");
  await post("/events", { name: "hi", channel: "presence-a", data: "{}" });
  expect(take()).toEqual([]);
});
