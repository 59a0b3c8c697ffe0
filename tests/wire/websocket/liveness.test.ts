import { once } from "node:events";
import { FakeClock, startServer, testApp, type TestServer } from "@sealcast/server-testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { RawClient } from "../../fixtures/raw-client.ts";

const second = 1_000;
let clock: FakeClock;
let server: TestServer;
beforeEach(async () => {
  clock = new FakeClock(Date.now());
  server = await startServer({ apps: [testApp()], ports: { clock } });
});
afterEach(() => server.close());

describe("liveness", () => {
  test("[LIVE1] a ping is answered with a pong whose data is text", async () => {
    const client = await RawClient.connect(server.port);
    client.send({ event: "pusher:ping" });
    expect(await client.next("pusher:pong")).toEqual({ event: "pusher:pong", data: "{}" });
  });

  test("[LIVE2] a silent client is asked, and closed when it does not answer", async () => {
    const client = await RawClient.connect(server.port);
    clock.advance(119 * second);
    expect(await client.settled()).toEqual([]);
    clock.advance(121 * second);
    expect(await client.next("pusher:ping")).toEqual({ event: "pusher:ping", data: "{}" });
    clock.advance(31 * second);
    expect(await client.closed).toEqual({ code: 4201, reason: "Pong not received in time" });
  });

  test("[LIVE2] an answer keeps the connection, and the silence starts again at zero", async () => {
    const client = await RawClient.connect(server.port);
    clock.advance(121 * second);
    await client.next("pusher:ping");
    client.send({ event: "pusher:pong", data: {} });
    await client.settled();
    clock.advance(100 * second);
    expect(await client.settled()).toEqual([]);
  });

  test("[LIVE2] any message is a sign of life, even one that is refused", async () => {
    const client = await RawClient.connect(server.port);
    for (let minute = 0; minute < 10; minute += 1) {
      clock.advance(60 * second);
      client.send("not JSON");
      await client.error();
    }
    expect(await client.settled()).toEqual([]);
  });

  test("[LIVE3] a WebSocket ping is answered and is a sign of life", async () => {
    const client = await RawClient.connect(server.port);
    for (let minute = 0; minute < 4; minute += 1) {
      clock.advance(60 * second);
      client.socket.ping();
      await once(client.socket, "pong");
    }
    expect(client.inbox.takeAll()).toEqual([]);
  });

  test("[LIVE4] a client that knows no ping is sent none, and closed after a day", async () => {
    const client = await RawClient.connect(server.port, { path: "/app/app-key?protocol=4" });
    clock.advance(23 * 3_600 * second);
    expect(client.inbox.takeAll()).toEqual([]);
    clock.advance(3_601 * second);
    expect((await client.closed).code).toBe(4202);
    expect(client.inbox.takeAll().map(({ event }) => event)).toEqual(["pusher:error"]);
  });
});
