import type { AppId, AppKey } from "@sealcast/protocol";
import { describe, expect, test } from "vitest";
import { createConfigFileAppStore } from "./adapters/app-store/config-file.ts";
import { MemoryEngine } from "./adapters/engine/memory.ts";
import { createNodeSigner } from "./adapters/signer/node-crypto.ts";
import type { Listener } from "./ports/transport.ts";
import {
  channelAuth,
  FakeClock,
  FakeTransport,
  silentLog,
  startSocketless,
  testApp,
  testSettings,
  userAuth,
  FakeRandom,
} from "@sealcast/server-testing";
import { wireServer } from "./wire-server.ts";

const old = { key: "app-key" as AppKey, secret: "app-secret" };
const fresh = { key: "fresh-key" as AppKey, secret: "fresh-secret" };

describe("replaced apps", () => {
  test("new apps and keys are let in, gone ones are not", async () => {
    const { server, transport } = await startSocketless();
    server.replaceApps([testApp({ id: "1002" as AppId, credentials: [fresh] })]);
    expect(transport.connect({ path: "/app/fresh-key" }).closeCode).toBeUndefined();
    expect(transport.connect({ path: "/app/app-key" }).closeCode).toBe(4001);
  });

  test("[SIGN4] an open connection takes signatures of a secret that was added since", async () => {
    const { server, connect } = await startSocketless();
    const client = connect();
    server.replaceApps([testApp({ credentials: [old, fresh] })]);
    const [channel, userData] = ["private-a", '{"id":"ada"}'];
    client.send({
      event: "pusher:subscribe",
      data: { channel, auth: channelAuth(client.socketId, channel, undefined, fresh) },
    });
    client.send({
      event: "pusher:signin",
      data: { auth: userAuth(client.socketId, userData, fresh), user_data: userData },
    });
    expect(client.take().map(({ event }) => event)).toEqual([
      "pusher_internal:subscription_succeeded",
      "pusher_internal:subscription_count",
      "pusher:signin_success",
    ]);
  });

  test.each([
    ["gone", 4001, testApp({ id: "1002" as AppId, credentials: [fresh] })],
    ["disabled", 4003, testApp({ enabled: false })],
  ])("[CLOSE7] the connections of an app that is %s are closed with %i", async (_, code, app) => {
    const other = testApp({ id: "1003" as AppId, credentials: [{ key: "other-key" as AppKey, secret: "other" }] });
    const { server, transport, connect, clock } = await startSocketless({
      apps: [testApp({ maxConnections: 2 }), other],
    });
    const [first, second] = [connect(), connect()];
    const bystander = transport.connect({ path: "/app/other-key" });
    for (const client of [first, second]) client.subscribe("presence-a", '{"user_id":"ada"}');
    first.signIn({ id: "ada" });
    server.replaceApps([app, other]);
    expect([first.closeCode, second.closeCode, bystander.closeCode]).toEqual([code, code, undefined]);
    server.replaceApps([testApp({ maxConnections: 2 }), other]);
    expect([connect(), connect()].map(({ closeCode }) => closeCode)).toEqual([undefined, undefined]);
    clock.advance(5_000);
    expect(bystander.closeCode).toBeUndefined();
  });

  test("[CLOSE7] any other change leaves connections open, with the settings that they began with", async () => {
    const { server, connect } = await startSocketless({ apps: [testApp({ clientEvents: true })] });
    const [sender, receiver] = [connect(), connect()];
    for (const client of [sender, receiver]) client.subscribe("private-a");
    receiver.take();
    server.replaceApps([testApp({ clientEvents: false, maxConnections: 1, forceTls: true })]);
    sender.whisper("private-a", "client-hello", "1");
    expect(receiver.take()).toMatchObject([{ event: "client-hello" }]);
    expect([sender.closeCode, receiver.closeCode]).toEqual([undefined, undefined]);
  });

  test("[SUB4] an open connection takes no signature of a secret that was withdrawn", async () => {
    const { server, connect } = await startSocketless();
    const client = connect();
    server.replaceApps([testApp({ credentials: [fresh] })]);
    client.subscribe("private-a");
    client.signIn({ id: "ada" });
    const message = "Invalid key in subscription auth data: 'app-key'";
    expect(client.take().filter(({ event }) => event === "pusher:error")).toEqual([
      { event: "pusher:error", data: { message, code: null } },
      { event: "pusher:error", data: { message, code: null } },
    ]);
  });

  test("[SUB1] an open connection keeps what needs no signature", async () => {
    const { server, connect } = await startSocketless();
    const client = connect();
    server.replaceApps([testApp({ credentials: [fresh] })]);
    client.subscribe("news");
    expect(client.take()[0]?.event).toBe("pusher_internal:subscription_succeeded");
  });

  test("[HTTP14] larger events of a new app fit through", async () => {
    const { server, transport, post } = await startSocketless();
    const large = "x".repeat(20_000);
    expect((await post("/events", { name: "a", channel: "c", data: large })).status).toBe(413);
    const before = transport.maxBodyBytes;
    server.replaceApps([testApp({ maxEventBytes: 1_048_576 })]);
    expect(transport.maxBodyBytes).toBeGreaterThan(before);
    expect((await post("/events", { name: "a", channel: "c", data: large })).status).toBe(200);
  });

  test("a list of many apps, and of none, is a list", async () => {
    const { server, transport } = await startSocketless();
    const many = Array.from({ length: 200_000 }, (_, index) => testApp({ id: String(index) as AppId }));
    server.replaceApps(many);
    server.replaceApps([]);
    expect(transport.maxBodyBytes).toBeGreaterThan(0);
  });
});

test("the log tells once a minute how many connections there are, if that changed", async () => {
  const { connect, clock, log } = await startSocketless();
  const counted = (): unknown[] => log.flatMap(({ event, fields }) => (event === "server.connections" ? [fields] : []));
  connect();
  connect();
  clock.advance(120_000);
  expect(counted()).toEqual([{ connections: 2 }]);
});

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

describe("a draining server", () => {
  test("[CLOSE6] closes everybody with 4200, spread over the time it has", async () => {
    const { server, transport, connect, clock, get } = await startSocketless({ settings: { drainSeconds: 1 } });
    const clients = Array.from({ length: 100 }, () => connect());
    const closed = (): number => clients.filter(({ closeCode }) => closeCode === 4200).length;
    const drained = server.drain();
    expect(transport.accepting).toBe(true);
    expect(closed()).toBe(5);
    clock.advance(500);
    expect(closed()).toBe(55);
    clock.advance(500);
    expect(closed()).toBe(100);
    // The last clients come back, and are held.
    clock.advance(900);
    await nextTurn();
    expect(transport.accepting).toBe(true);
    clock.advance(100);
    await drained;
    expect(transport.accepting).toBe(false);
    expect(closed()).toBe(100);
    expect((await get("/channels")).body).toBe('{"channels":{}}');
  });

  test("[CLOSE6] closes everybody with 4100 if it takes no time for that: nothing will listen", async () => {
    const { server, connect } = await startSocketless({ settings: { drainSeconds: 0 } });
    const clients = [connect(), connect()];
    await server.drain();
    expect(clients.map(({ closeCode }) => closeCode)).toEqual([4100, 4100]);
  });

  test("[CLOSE8] holds connections that come while it drains, and refuses them at its end", async () => {
    const { server, transport, connect, clock } = await startSocketless({ settings: { drainSeconds: 1 } });
    connect();
    connect();
    const drained = server.drain();
    const late = Array.from({ length: 20 }, () => {
      clock.advance(50);
      const client = transport.connect();
      client.send({ event: "pusher:ping" });
      return client;
    });
    const gone = transport.connect();
    gone.drop();
    clock.advance(1_000);
    await drained;
    for (const client of late) expect(client.link.texts).toEqual([]);
    expect(new Set(late.map(({ closeCode }) => closeCode))).toEqual(new Set([4100]));
    expect(gone.closeCode).toBeUndefined();
    expect(clock.timers).toBe(0);
  });

  test("[CLOSE8] holds no connection longer than five seconds", async () => {
    const { server, transport, connect, clock } = await startSocketless({ settings: { drainSeconds: 60 } });
    for (let count = 0; count < 1_200; count += 1) connect();
    void server.drain();
    const client = transport.connect();
    clock.advance(4_999);
    expect(client.closeCode).toBeUndefined();
    clock.advance(1);
    expect(client.closeCode).toBe(4100);
  });

  test("[CLOSE8] first reports that it is not ready, while everything works", async () => {
    const { server, transport, connect, clock } = await startSocketless({ settings: { drainDelaySeconds: 10 } });
    const client = connect();
    const drained = server.drain();
    clock.advance(9_999);
    expect((await transport.request({ path: "/health/ready" })).status).toBe(503);
    // A connection that is held gets no greeting.
    expect(connect().socketId).not.toBe("");
    expect(client.closeCode).toBeUndefined();
    clock.advance(1);
    await nextTurn();
    clock.advance(10_000);
    await drained;
    expect(client.closeCode).toBe(4100);
  });

  test("is ready neither before it listens nor while it drains", async () => {
    const { server, transport, connect, clock } = await startSocketless({ settings: { drainSeconds: 1 } });
    const ready = async (): Promise<number> => (await transport.request({ path: "/health/ready" })).status;
    connect();
    connect();
    expect(await ready()).toBe(200);
    const drained = server.drain();
    expect(await ready()).toBe(503);
    clock.advance(2_000);
    await drained;
    expect(await ready()).toBe(503);
    expect((await transport.request({ path: "/health/live" })).status).toBe(200);
  });

  test("with nobody there is done at once, and leaves no timer behind", async () => {
    const { server, clock } = await startSocketless({ settings: { drainSeconds: 60 } });
    await server.drain();
    expect(clock.timers).toBe(0);
  });
});

describe("a server that cannot listen", () => {
  class TakenPort extends FakeTransport {
    override listen(): Promise<Listener> {
      return Promise.reject(new Error("the port is taken"));
    }
  }

  test("says why, and leaves no timer behind", async () => {
    const clock = new FakeClock();
    const server = wireServer(testSettings({ port: 1 }), {
      apps: createConfigFileAppStore([testApp()]),
      transport: new TakenPort(),
      engine: new MemoryEngine(clock, new FakeRandom()),
      clock,
      random: { below: () => 0 },
      signer: createNodeSigner(),
      log: silentLog,
    });
    await expect(server.listen()).rejects.toThrow("the port is taken");
    expect(clock.timers).toBe(0);
  });
});
