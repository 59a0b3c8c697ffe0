import { describe, expect, test } from "vitest";
import { MemoryEngine } from "../adapters/engine/memory.ts";
import {
  DelayedEngine,
  startSocketless,
  testApp,
  type FakeClient,
  type SocketlessServer,
  FakeRandom,
} from "@sealcast/server-testing";

const second = 1_000;
const hour = 3_600 * second;

/** A client that answers pings whenever it is asked to look. */
function answerPings(client: FakeClient): void {
  for (const { event } of client.take()) if (event === "pusher:ping") client.send({ event: "pusher:pong", data: {} });
}

async function withDelayedEngine(): Promise<SocketlessServer & { engine: DelayedEngine }> {
  let engine: DelayedEngine | undefined;
  const server = await startSocketless({
    engine: (clock) => {
      engine = new DelayedEngine(new MemoryEngine(clock, new FakeRandom()));
      return engine;
    },
  });
  if (engine === undefined) throw new Error("The server did not ask for its engine");
  return { ...server, engine };
}

describe("frames", () => {
  test.each<[title: string, frame: unknown, message: string]>([
    ["[FRAME2] no JSON", "{", "Malformed message: expected JSON"],
    ["[FRAME2] no object", "[]", "Malformed message: expected a JSON object"],
    ["[FRAME2] no event", "{}", "Malformed message: expected event to be a string, got nothing"],
    ["[FRAME4] an unknown event", { event: "pusher:fly" }, "Unsupported event received on socket: pusher:fly"],
    [
      "[FRAME4] an event of the service",
      { event: "pusher_internal:member_added" },
      "Unsupported event received on socket: pusher_internal:member_added",
    ],
    ["[FRAME4] an event without a prefix", { event: "hello" }, "Unsupported event received on socket: hello"],
    [
      "[FRAME8] the name of an object's member",
      { event: "__proto__" },
      "Unsupported event received on socket: __proto__",
    ],
  ])("[CLOSE3] %s is answered, and the connection stays", async (_, frame, message) => {
    const { connect } = await startSocketless();
    const client = connect();
    client.send(frame);
    expect(client.take()).toEqual([{ event: "pusher:error", data: { message, code: null } }]);
    client.send({ event: "pusher:ping" });
    expect(client.take()).toEqual([{ event: "pusher:pong", data: {} }]);
  });

  test("[FRAME1] data of a pong is text", async () => {
    const { connect } = await startSocketless();
    const client = connect();
    client.send({ event: "pusher:ping", data: {} });
    expect(client.link.texts.at(-1)).toBe('{"event":"pusher:pong","data":"{}"}');
  });
});

describe("liveness", () => {
  test("[LIVE2] a silent client is asked after 120 seconds and closed 30 seconds later", async () => {
    const { connect, clock } = await startSocketless();
    const client = connect();
    clock.advance(119 * second);
    expect(client.take()).toEqual([]);
    clock.advance(second);
    expect(client.take()).toEqual([{ event: "pusher:ping", data: {} }]);
    clock.advance(29 * second);
    expect(client.closeCode).toBeUndefined();
    clock.advance(second);
    expect(client.closeCode).toBe(4201);
    expect(client.take()).toEqual([]);
  });

  test.each([-hour, hour])("[LIVE5] setting the clock by %i ms changes no time-out and no rate", async (byMs) => {
    const { connect, clock } = await startSocketless({ settings: { maxMessagesPerSecond: 3 } });
    const [silent, sending] = [connect(), connect()];
    for (let count = 0; count < 3; count += 1) sending.send({ event: "pusher:ping" });
    clock.set(clock.now() + byMs);
    sending.send({ event: "pusher:ping" });
    expect(sending.closeCode).toBe(4102);
    clock.advance(119 * second);
    expect(silent.take()).toEqual([]);
    clock.advance(second);
    expect(silent.take()).toEqual([{ event: "pusher:ping", data: {} }]);
    clock.advance(30 * second);
    expect(silent.closeCode).toBe(4201);
  });

  test.each<[title: string, live: (client: FakeClient) => void]>([
    ["[LIVE2] a pong", (client) => client.send({ event: "pusher:pong", data: {} })],
    ["[LIVE2] any message", (client) => client.send("nonsense")],
    ["[LIVE3] a WebSocket ping", (client) => client.ping()],
  ])("%s is a sign of life", async (_, live) => {
    const { connect, clock } = await startSocketless();
    const client = connect();
    clock.advance(149 * second);
    client.take();
    live(client);
    client.take();
    clock.advance(119 * second);
    expect(client.take()).toEqual([]);
    clock.advance(second);
    expect(client.take()).toEqual([{ event: "pusher:ping", data: {} }]);
    expect(client.closeCode).toBeUndefined();
  });

  test("[LIVE2] a client that answers lives on, and so does one that talks", async () => {
    const { connect, clock } = await startSocketless();
    const [answers, talks] = [connect(), connect()];
    for (let minute = 0; minute < 60; minute += 1) {
      clock.advance(60 * second);
      answerPings(answers);
      talks.send({ event: "pusher:ping" });
      expect(talks.take()).toEqual([{ event: "pusher:pong", data: {} }]);
    }
    expect([answers.closeCode, talks.closeCode]).toEqual([undefined, undefined]);
  });

  test("[LIVE2] the configured time-outs hold", async () => {
    const { connect, clock } = await startSocketless({
      settings: { activityTimeoutSeconds: 10, pongTimeoutSeconds: 5 },
    });
    const client = connect();
    clock.advance(10 * second);
    expect(client.take()).toHaveLength(1);
    clock.advance(5 * second);
    expect(client.closeCode).toBe(4201);
  });

  test("[LIVE4] a client of version 4 is never asked, and closed after a day of silence", async () => {
    const { transport, clock } = await startSocketless();
    const client = transport.connect({ query: "protocol=4" });
    client.take();
    clock.advance(23 * hour);
    client.send({ event: "client-a", channel: "private-a" });
    client.take();
    clock.advance(24 * hour - second);
    expect(client.closeCode).toBeUndefined();
    expect(client.take()).toEqual([]);
    clock.advance(second);
    expect(client.closeCode).toBe(4202);
  });

  test("[CONN9] a client of version 5 gets its close as an event, too", async () => {
    const { transport, clock } = await startSocketless();
    const client = transport.connect({ query: "protocol=5" });
    client.take();
    clock.advance(150 * second);
    const [, error] = client.take();
    expect(error).toEqual({ event: "pusher:error", data: { message: "Pong not received in time", code: 4201 } });
    expect(client.closeCode).toBe(4201);
  });
});

describe("authorized connections", () => {
  const apps = [testApp({ authorizedConnections: true, maxConnections: 1 })];

  test("[AUTH1] a connection that does nothing is closed in time", async () => {
    const { connect, clock } = await startSocketless({ apps });
    const client = connect();
    client.subscribe("public-channel");
    clock.advance(29 * second);
    expect(client.closeCode).toBeUndefined();
    clock.advance(second);
    expect(client.link.ended).toEqual({ code: 4009, reason: "Connection not authorized within timeout" });
  });

  test.each<[title: string, authorize: (client: FakeClient) => void]>([
    ["a sign-in", (client) => client.signIn({ id: "ada" })],
    ["a private channel", (client) => client.subscribe("private-a")],
    ["an encrypted channel", (client) => client.subscribe("private-encrypted-a")],
    ["a presence channel", (client) => client.join("presence-a", "ada")],
  ])("[AUTH1] %s authorizes", async (_, authorize) => {
    const { connect, clock } = await startSocketless({ apps });
    const client = connect();
    authorize(client);
    clock.advance(60 * second);
    expect(client.closeCode).toBeUndefined();
  });

  test("[AUTH2] leaving the channel later does not unauthorize", async () => {
    const { connect, clock } = await startSocketless({ apps });
    const client = connect();
    client.subscribe("private-a");
    client.unsubscribe("private-a");
    clock.advance(60 * second);
    expect(client.closeCode).toBeUndefined();
  });

  test("[AUTH2] connections count towards the quota once they are authorized", async () => {
    const { connect } = await startSocketless({ apps });
    const [first, other, late] = [connect(), connect(), connect()];
    first.subscribe("private-a");
    first.subscribe("private-b");
    first.signIn({ id: "ada" });
    expect(first.closeCode).toBeUndefined();
    other.subscribe("private-a");
    expect(other.closeCode).toBe(4004);
    first.drop();
    late.subscribe("private-a");
    expect(late.closeCode).toBeUndefined();
  });

  test.each<[title: string, authorize: (client: FakeClient) => void]>([
    ["a sign-in", (client) => client.signIn({ id: "bob", watchlist: ["ada"] })],
    ["a subscription", (client) => client.join("presence-a", "bob")],
  ])("[AUTH2] %s beyond the quota is closed and leaves nothing behind", async (_, authorize) => {
    const { connect, get, post } = await startSocketless({ apps });
    const [first, beyond] = [connect(), connect()];
    first.join("presence-a", "cleo");
    authorize(beyond);
    expect(beyond.closeCode).toBe(4004);
    const late = beyond.link.late;
    first.signIn({ id: "ada", watchlist: ["bob"] });
    expect(first.take().at(-1)?.data).toEqual({ events: [{ name: "offline", user_ids: ["bob"] }] });
    expect((await get("/channels/presence-a/users")).body).toBe('{"users":[{"id":"cleo"}]}');
    await post("/events", { name: "a", data: "1", channel: "presence-a" });
    expect(beyond.link.late).toBe(late);
  });
});

describe("limits of a connection", () => {
  test("[CLOSE5] too many messages in a second close it", async () => {
    const { connect, clock } = await startSocketless({ settings: { maxMessagesPerSecond: 3 } });
    const client = connect();
    for (let count = 0; count < 3; count += 1) client.send({ event: "pusher:ping" });
    clock.advance(second);
    for (let count = 0; count < 3; count += 1) client.send("nonsense");
    expect(client.closeCode).toBeUndefined();
    client.send({ event: "pusher:pong" });
    expect(client.closeCode).toBe(4102);
  });

  test("[SUB10] as many subscriptions as the server allows", async () => {
    const { connect } = await startSocketless({ settings: { maxSubscriptionsPerConnection: 2 } });
    const client = connect();
    for (const channel of ["a", "b", "c"]) client.subscribe(channel);
    expect(client.take().filter(({ event }) => event === "pusher:subscription_error")).toMatchObject([
      { channel: "c", data: { type: "SubscriptionError", status: 403 } },
    ]);
    client.unsubscribe("a");
    client.subscribe("c");
    expect(client.take()).toContainEqual({ event: "pusher_internal:subscription_succeeded", channel: "c", data: {} });
  });
});

describe("messages behind one that waits for the engine", () => {
  test("[EVENT2] are handled in the order of arrival", async () => {
    const { connect, engine } = await withDelayedEngine();
    const client = connect();
    client.subscribe("a");
    client.send({ event: "pusher:ping" });
    client.subscribe("a");
    client.unsubscribe("a");
    client.unsubscribe("a");
    expect(client.take()).toEqual([]);
    await engine.settle();
    expect(client.take().map(({ event, data }) => [event, data])).toEqual([
      ["pusher_internal:subscription_succeeded", {}],
      ["pusher:pong", {}],
      ["pusher:error", { message: "Existing subscription to channel a", code: null }],
      [
        "pusher:subscription_error",
        { type: "SubscriptionError", error: "Existing subscription to channel a", status: 409 },
      ],
      ["pusher:error", { message: "No current subscription to channel a, or subscription in progress", code: null }],
    ]);
  });

  test("[CLOSE5] may not pile up without end", async () => {
    const { connect, engine } = await withDelayedEngine();
    const [within, above] = [connect(), connect()];
    for (const client of [within, above]) client.subscribe("a");
    for (let count = 0; count < 100; count += 1) within.send({ event: "pusher:ping" });
    for (let count = 0; count < 2_500; count += 1) above.send({ event: "pusher:ping" });
    expect([within.closeCode, above.closeCode]).toEqual([undefined, 4102]);
    await engine.settle();
    expect(within.take().filter(({ event }) => event === "pusher:pong")).toHaveLength(100);
  });

  test("[CLOSE5] may not hold much memory, either", async () => {
    const { connect } = await withDelayedEngine();
    const client = connect();
    client.subscribe("private-a");
    const large = JSON.stringify({ event: "client-a", channel: "private-a", data: "x".repeat(10_000) });
    for (let count = 0; count < 450; count += 1) client.send(large);
    expect(client.closeCode).toBe(4102);
  });

  test("[CLOSE5] count no more once they are handled", async () => {
    const { connect, engine, clock } = await withDelayedEngine();
    const client = connect();
    client.subscribe("private-a");
    for (let round = 0; round < 15; round += 1) {
      clock.advance(second);
      for (let count = 0; count < 10; count += 1) client.whisper("private-a", "client-x", "x".repeat(10_000));
      await engine.settle();
    }
    expect(client.closeCode).toBeUndefined();
  });

  test("are handled once the waiting is over, and later ones at once", async () => {
    const { connect, engine } = await withDelayedEngine();
    const client = connect();
    client.subscribe("a");
    await engine.settle();
    client.take();
    client.send({ event: "pusher:ping" });
    expect(client.take()).toHaveLength(1);
  });

  test("are forgotten when the connection ends", async () => {
    const { connect, engine, get } = await withDelayedEngine();
    const client = connect();
    client.subscribe("a");
    client.subscribe("b");
    client.drop();
    await engine.settle();
    const listed = get("/channels");
    await engine.settle();
    expect((await listed).body).toBe('{"channels":{}}');
  });
});

describe("an engine that fails", () => {
  test("a subscription is refused, and can be tried again", async () => {
    const { connect, engine, log } = await withDelayedEngine();
    const client = connect();
    engine.failWith(new Error("connection to top secret lost"));
    client.subscribe("private-a");
    client.send({ event: "pusher:ping" });
    await engine.settle();
    expect(client.take()).toMatchObject([
      { event: "pusher:error", data: { code: null } },
      { event: "pusher:subscription_error", channel: "private-a", data: { type: "SubscriptionError", status: 500 } },
      { event: "pusher:pong" },
    ]);
    expect(log.filter(({ level }) => level === "error")).toMatchObject([{ event: "session.failed" }]);
    expect(JSON.stringify(log)).not.toContain("top secret");
    engine.failWith(undefined);
    client.subscribe("private-a");
    await engine.settle();
    expect(client.take()).toMatchObject([{ event: "pusher_internal:subscription_succeeded" }, {}]);
  });

  test.each<[title: string, act: (client: FakeClient) => void]>([
    ["a sign-in", (client) => client.signIn({ id: "ada", watchlist: ["bob"] })],
    ["a client event", (client) => client.whisper("private-room", "client-a", 1)],
    ["an unsubscription", (client) => client.unsubscribe("private-room")],
  ])("%s is answered with an error, and the connection stays", async (_, act) => {
    const { connect, engine } = await withDelayedEngine();
    const client = connect();
    client.subscribe("private-room");
    await engine.settle();
    client.take();
    engine.failWith(new Error("lost"));
    act(client);
    client.send({ event: "pusher:ping" });
    await engine.settle();
    expect(client.take()).toMatchObject([{ event: "pusher:error", data: { code: null } }, { event: "pusher:pong" }]);
  });

  test("a count that cannot be announced is logged, and nothing else happens", async () => {
    const { connect, engine, log, clock } = await withDelayedEngine();
    const clients = Array.from({ length: 102 }, connect);
    for (const client of clients) client.subscribe("a");
    await engine.settle();
    engine.failWith(new Error("lost"));
    clock.advance(5_000);
    await engine.settle();
    expect(log.filter(({ level }) => level === "error")).toMatchObject([{ event: "subscription_count.failed" }]);
    expect(clients[0]?.closeCode).toBeUndefined();
  });

  test("the end of a connection is logged and goes on", async () => {
    const { connect, engine, log } = await withDelayedEngine();
    const client = connect();
    client.join("presence-a", "ada");
    client.signIn({ id: "ada" });
    await engine.settle();
    engine.failWith(new Error("lost"));
    client.drop();
    await engine.settle();
    expect(log.filter(({ level }) => level === "error").length).toBeGreaterThan(0);
  });
});
