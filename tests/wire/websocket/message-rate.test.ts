import { FakeClock, startServer, type TestServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RawClient } from "../../fixtures/raw-client.ts";

const clock = new FakeClock(Date.now());
let server: TestServer;
beforeAll(async () => {
  server = await startServer({ settings: { maxMessagesPerSecond: 20 }, ports: { clock } });
});
afterAll(() => server.close());

describe("the rate of messages", () => {
  test("[CLOSE5] above it, a client is closed with 4102, whatever it sends", async () => {
    const [client, other] = [await RawClient.connect(server.port), await RawClient.connect(server.port)];
    for (let sent = 0; sent < 21; sent += 1) client.send(sent % 2 === 0 ? { event: "pusher:ping" } : "not JSON");
    expect(await client.closed).toEqual({ code: 4102, reason: "Too many messages from this connection" });
    expect(await other.settled()).toEqual([]);
    await other.close();
  });

  test("[CLOSE5] a client that keeps to it stays", async () => {
    const client = await RawClient.connect(server.port);
    for (let second = 0; second < 5; second += 1) {
      for (let sent = 0; sent < 20; sent += 1) client.send({ event: "pusher:ping" });
      for (let sent = 0; sent < 20; sent += 1) await client.next("pusher:pong");
      clock.advance(1_000);
    }
    expect(await client.settled()).toEqual([]);
    await client.close();
  });
});
