import { FakeClock, hmac, startServer, type TestServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { otherApp } from "../../fixtures/other-app.ts";
import { RawClient } from "../../fixtures/raw-client.ts";
import { credentials } from "../../fixtures/credentials.ts";

const path = "/app/guarded?protocol=7";
const clock = new FakeClock(Date.now());
let server: TestServer;
beforeAll(async () => {
  server = await startServer({
    apps: [otherApp("guarded", { authorizedConnections: true, maxConnections: 1 })],
    ports: { clock },
  });
});
afterAll(() => server.close());

async function subscribe(client: RawClient, channel: string): Promise<void> {
  const auth = `guarded:${hmac(credentials.secret, `${client.socketId}:${channel}`)}`;
  client.send({ event: "pusher:subscribe", data: { channel, auth } });
  await client.next("pusher_internal:subscription_succeeded", channel);
}

describe("authorized connections", () => {
  test("[AUTH1] a connection that is only on public channels is closed after the time-out", async () => {
    const client = await RawClient.connect(server.port, { path });
    await subscribe(client, "public");
    clock.advance(29_000);
    await client.settled();
    clock.advance(2_000);
    expect(await client.closed).toEqual({ code: 4009, reason: "Connection not authorized within timeout" });
  });

  test("[AUTH1] [AUTH2] a private channel or a sign-in in time authorizes the connection permanently, and it counts towards the quota", async () => {
    const waiting = await RawClient.connect(server.port, { path });
    const client = await RawClient.connect(server.port, { path });
    await subscribe(client, "private-a");
    client.unsubscribe("private-a");
    clock.advance(31_000);
    expect((await waiting.closed).code).toBe(4009);
    await client.settled();
    const further = await RawClient.connect(server.port, { path });
    const userData = '{"id":"1"}';
    const auth = `guarded:${hmac(credentials.secret, `${further.socketId}::user::${userData}`)}`;
    further.send({ event: "pusher:signin", data: { auth, user_data: userData } });
    expect((await further.closed).code).toBe(4004);
    await client.close();
  });
});
