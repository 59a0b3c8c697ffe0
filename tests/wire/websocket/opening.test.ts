import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { otherApp } from "../../fixtures/other-app.ts";
import { currentPath, dataOf, RawClient } from "../../fixtures/raw-client.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer({
    apps: [
      testApp(),
      otherApp("disabled", { enabled: false }),
      otherApp("tls", { forceTls: true }),
      otherApp("two", { maxConnections: 2 }),
      otherApp("origins", { allowedOrigins: ["https://shop.example"] }),
    ],
  });
});
afterAll(() => server.close());

describe("opening a connection", () => {
  test("[CONN4] [FRAME1] the greeting comes first, with its data as text", async () => {
    const client = new RawClient(server.port);
    const frame = await client.inbox.next();
    expect(frame).toEqual({ event: "pusher:connection_established", data: expect.any(String) as string });
    expect(dataOf(frame)).toEqual({
      socket_id: expect.stringMatching(/^\d+\.\d+$/) as string,
      activity_timeout: 120,
    });
    await client.close();
  });

  test("[CONN5] [SUB11] every connection has its own id", async () => {
    const clients = await Promise.all(Array.from({ length: 50 }, () => RawClient.connect(server.port)));
    expect(new Set(clients.map(({ socketId }) => socketId)).size).toBe(50);
    await Promise.all(clients.map((client) => client.close()));
  });

  test.each([
    ["[CONN2] version 4", "/app/app-key?protocol=4"],
    ["[CONN2] version 5", "/app/app-key?protocol=5&client=java-client&version=2.4.4"],
    ["[CONN2] version 6", "/app/app-key?protocol=6"],
    ["[CONN2] version 7", currentPath],
    ["[CONN3] a library's version without the protocol's", "/app/app-key?version=1.12"],
    ["[CONN12] parameters that nobody knows", "/app/app-key?protocol=7&flash=true&x=%zz&__proto__=1&=&&"],
    ["[CONN1] a key with escapes", "/app/app%2Dkey?protocol=7"],
  ])("%s is served", async (_, path) => {
    const client = await RawClient.connect(server.port, { path });
    expect(await client.settled()).toEqual([]);
    await client.close();
  });

  test.each([
    ["[CONN1] another path", "/", 4005],
    ["[CONN1] another path", "/apps/app-key?protocol=7", 4005],
    ["[CONN1] no key", "/app/?protocol=7", 4005],
    ["[CONN1] a longer path", "/app/app-key/more?protocol=7", 4005],
    ["[CONN1] the path is looked at before the version", "/nowhere?protocol=1", 4005],
    ["[CONN2] version 0", "/app/app-key?protocol=0", 4007],
    ["[CONN2] version 3", "/app/app-key?protocol=3", 4007],
    ["[CONN2] version 8", "/app/app-key?protocol=8", 4007],
    ["[CONN2] a version with a fraction", "/app/app-key?protocol=7.0", 4006],
    ["[CONN2] a negative version", "/app/app-key?protocol=-7", 4006],
    ["[CONN2] an empty version", "/app/app-key?protocol=", 4006],
    ["[CONN2] words for a version", "/app/app-key?protocol=seven", 4006],
    ["[CONN2] the version is looked at before the key", "/app/unknown?protocol=1", 4007],
    ["[CONN3] no version at all", "/app/app-key", 4008],
    ["[CONN6] an unknown key", "/app/unknown?protocol=7", 4001],
    ["[CONN6] a key from an object's prototype", "/app/__proto__?protocol=7", 4001],
    ["[CONN6] another case", "/app/APP-KEY?protocol=7", 4001],
    ["[CONN7] a disabled app", "/app/disabled?protocol=7", 4003],
    ["[CONN7] a plain connection to an app that asks for TLS", "/app/tls?protocol=7", 4000],
  ])("%s: the upgrade succeeds, and %s is closed with %i", async (_, path, code) => {
    const client = new RawClient(server.port, { path });
    await client.opened;
    const closed = await client.closed;
    expect(closed.code).toBe(code);
    expect(closed.reason).not.toBe("");
    expect(client.inbox.takeAll().map(({ event }) => event)).not.toContain("pusher:connection_established");
  });

  test("[CONN7] an app that asks for TLS takes what a proxy received over TLS", async () => {
    const client = await RawClient.connect(server.port, {
      path: "/app/tls?protocol=7",
      headers: { "x-forwarded-proto": "https" },
    });
    expect(await client.settled()).toEqual([]);
    await client.close();
  });

  test("[CONN8] the quota closes further connections, and a free place is given away", async () => {
    const path = "/app/two?protocol=7";
    const [first, second] = [
      await RawClient.connect(server.port, { path }),
      await RawClient.connect(server.port, { path }),
    ];
    const refused = new RawClient(server.port, { path });
    expect((await refused.closed).code).toBe(4004);
    expect(await first.settled()).toEqual([]);
    await second.close();
    await expect
      .poll(async () => {
        const third = new RawClient(server.port, { path });
        const outcome = await Promise.race([third.greeted().then(() => "greeted"), third.closed]);
        third.drop();
        return outcome;
      })
      .toBe("greeted");
    first.drop();
  });

  test.each([
    ["/app/app-key?protocol=3", 4007],
    ["/app/unknown?protocol=4", 4001],
    ["/app/unknown?protocol=5", 4001],
  ])("[CONN9] %s gets the error before the close", async (path, code) => {
    const client = new RawClient(server.port, { path });
    expect(await client.error()).toEqual({ code, message: expect.any(String) as string });
    expect((await client.closed).code).toBe(code);
  });

  test.each(["/app/unknown?protocol=6", "/app/unknown?protocol=7"])("[CONN9] %s gets only the close", async (path) => {
    const client = new RawClient(server.port, { path });
    await client.closed;
    expect(client.inbox.takeAll()).toEqual([]);
  });

  test.each([
    [[], ""],
    [["pusher-channels-protocol-7"], "pusher-channels-protocol-7"],
    [["chat", "pusher-channels-protocol-7"], "pusher-channels-protocol-7"],
  ])("[CONN10] offered %j, chosen %j", async (subProtocols, chosen) => {
    const client = await RawClient.connect(server.port, { subProtocols });
    expect(client.socket.protocol).toBe(chosen);
    await client.close();
  });

  test.each([
    ["https://shop.example", true],
    ["https://evil.example", false],
    ["https://shop.example.evil.example", false],
    ["null", false],
    [undefined, true],
  ])("[CONN11] origin %s: %s", async (origin, welcome) => {
    const client = new RawClient(server.port, {
      path: "/app/origins?protocol=7",
      ...(origin === undefined ? {} : { headers: { origin } }),
    });
    const outcome = await Promise.race([client.greeted(), client.closed]);
    expect(outcome?.code).toBe(welcome ? undefined : 4009);
    client.drop();
  });
});
