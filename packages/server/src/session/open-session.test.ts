import { type AppId, type AppKey } from "@sealcast/protocol";
import { describe, expect, test } from "vitest";
import type { App } from "../core/apps/app.ts";
import type { OpenRequest } from "../ports/transport.ts";
import { startDelayed, startSocketless, testApp } from "@sealcast/server-testing";

const apps: readonly App[] = [
  testApp(),
  app("disabled", { enabled: false }),
  app("tls", { forceTls: true }),
  app("origins", { allowedOrigins: ["https://a.example"] }),
  app("disabled-tls", { enabled: false, forceTls: true }),
];

function app(name: string, settings: Partial<App>): App {
  return testApp({
    id: name as AppId,
    credentials: [{ key: `${name}-key` as AppKey, secret: "secret" }],
    ...settings,
  });
}

describe("opening a connection", () => {
  test("[CONN4] [FRAME1] the greeting comes first, its data as text", async () => {
    const { transport } = await startSocketless();
    const client = transport.connect();
    expect(client.link.texts).toEqual([
      String.raw`{"event":"pusher:connection_established","data":"{\"socket_id\":\"1.2\",\"activity_timeout\":120}"}`,
    ]);
    expect(client.closeCode).toBeUndefined();
  });

  test("[CONN5] every connection has another socket id", async () => {
    const { transport } = await startSocketless();
    const ids = Array.from({ length: 5 }, () => transport.connect().socketId);
    expect(new Set(ids).size).toBe(5);
    for (const id of ids) expect(id).toMatch(/^\d+\.\d+$/);
  });

  test("the greeting tells the configured time-out", async () => {
    const { transport } = await startSocketless({ settings: { activityTimeoutSeconds: 30 } });
    expect(transport.connect().take()).toMatchObject([{ data: { activity_timeout: 30 } }]);
  });

  test.each<[title: string, request: Partial<OpenRequest>]>([
    ["[CONN1] a slash at the end", { path: "/app/app-key/" }],
    ["[CONN1] an encoded key", { path: "/app/app%2Dkey" }],
    ["[CONN2] version 4", { query: "protocol=4" }],
    ["[CONN3] no protocol, but a library's version", { query: "version=1.0" }],
    ["[CONN7] TLS, for an app that demands it", { path: "/app/tls-key", secure: true }],
    ["[CONN11] an allowed origin", { path: "/app/origins-key", origin: "https://a.example" }],
    ["[CONN11] no origin", { path: "/app/origins-key" }],
    ["[CONN11] any origin if none is listed", { origin: "https://b.example" }],
  ])("%s is welcome", async (_, request) => {
    const { transport } = await startSocketless({ apps });
    const client = transport.connect(request);
    expect(client.take()).toMatchObject([{ event: "pusher:connection_established" }]);
    expect(client.closeCode).toBeUndefined();
  });

  test.each<[title: string, code: number, request: Partial<OpenRequest>]>([
    ["[CONN1] another path", 4005, { path: "/" }],
    ["[CONN1] no key", 4005, { path: "/app/" }],
    ["[CONN1] a longer path", 4005, { path: "/app/app-key/x" }],
    ["[CONN1] another path, whatever the version", 4005, { path: "/x", query: "protocol=x" }],
    ["[CONN2] a version that is no number", 4006, { query: "protocol=x" }],
    ["[CONN2] a version that is too new", 4007, { query: "protocol=8" }],
    ["[CONN3] no version", 4008, { query: "" }],
    ["[CONN2] a bad version, whatever the key", 4007, { query: "protocol=8", path: "/app/nobody" }],
    ["[CONN6] an unknown key", 4001, { path: "/app/nobody" }],
    ["[CONN6] the name of an object's member", 4001, { path: "/app/__proto__" }],
    ["[CONN6] a key with a broken escape", 4001, { path: "/app/%E0%A4%A" }],
    ["[CONN7] a disabled app", 4003, { path: "/app/disabled-key" }],
    ["[CONN7] a disabled app before missing TLS", 4003, { path: "/app/disabled-tls-key" }],
    ["[CONN7] plain, for an app that demands TLS", 4000, { path: "/app/tls-key" }],
    ["[CONN11] another origin", 4009, { path: "/app/origins-key", origin: "https://b.example" }],
    ["[CONN11] the origin null", 4009, { path: "/app/origins-key", origin: "null" }],
  ])("%s is closed with %i", async (_, code, request) => {
    const { transport } = await startSocketless({ apps });
    const client = transport.connect(request);
    expect(client.closeCode).toBe(code);
    expect(client.take()).toEqual([]);
  });

  test.each([3, 4, 5])("[CONN9] version %i gets the close as an event, too", async (version) => {
    const { transport } = await startSocketless();
    const path = version < 4 ? "/app/app-key" : "/app/nobody";
    const client = transport.connect({ query: `protocol=${version}`, path });
    expect(client.take()).toEqual([
      { event: "pusher:error", data: { message: client.link.ended?.reason, code: client.closeCode } },
    ]);
    expect(client.closeCode).toBe(version < 4 ? 4007 : 4001);
  });

  test("a refused client is not listened to", async () => {
    const { transport } = await startSocketless();
    const client = transport.connect({ path: "/app/nobody" });
    client.send({ event: "pusher:ping", data: {} });
    client.ping();
    client.drop();
    expect(client.take()).toEqual([]);
  });

  test("[CONN8] an app at its quota takes nobody until a place is free", async () => {
    const { transport, connect } = await startSocketless({ apps: [testApp({ maxConnections: 2 })] });
    const [first] = [connect(), connect()];
    expect(transport.connect().closeCode).toBe(4004);
    first.drop();
    expect(transport.connect().closeCode).toBeUndefined();
    expect(transport.connect().closeCode).toBe(4004);
  });

  test("[CONN8] while other nodes are asked for the quota, a client is not greeted and its messages wait", async () => {
    const { transport, engine } = await startDelayed({ apps: [testApp({ maxConnections: 2 })] });
    void engine.admit(testApp().id, 2);
    await engine.settle();
    const first = transport.connect();
    first.send({ event: "pusher:ping", data: {} });
    expect(first.take()).toEqual([]);
    await engine.settle();
    expect(first.take().map(({ event }) => event)).toEqual(["pusher:connection_established", "pusher:pong"]);
    const second = transport.connect();
    second.send({ event: "pusher:ping", data: {} });
    await engine.settle();
    expect(second.take()).toEqual([]);
    expect(second.closeCode).toBe(4004);
    first.drop();
    const third = transport.connect();
    third.drop();
    await engine.settle();
    const fourth = transport.connect();
    await engine.settle();
    expect(fourth.take().map(({ event }) => event)).toEqual(["pusher:connection_established"]);
  });

  test("[CONN8] a connection that counts once it is authorized is closed if other nodes have used the quota up", async () => {
    const limited = testApp({ maxConnections: 2, authorizedConnections: true });
    const { transport, engine } = await startDelayed({ apps: [limited] });
    void engine.admit(limited.id, 2);
    void engine.admit(limited.id, 2);
    const client = transport.connect();
    client.subscribe("private-a");
    await engine.settle();
    expect(client.closeCode).toBe(4004);
  });

  test("[CONN8] the quota of one app is not that of another", async () => {
    const two = [testApp({ maxConnections: 1 }), app("other", { maxConnections: 1 })];
    const { transport } = await startSocketless({ apps: two });
    expect(transport.connect().closeCode).toBeUndefined();
    expect(transport.connect({ path: "/app/other-key" }).closeCode).toBeUndefined();
    expect(transport.connect().closeCode).toBe(4004);
  });

  test("[CLOSE1] a server over its memory limit asks to come back later, and holds no place", async () => {
    const { transport } = await startSocketless({
      apps: [testApp({ maxConnections: 1 })],
      settings: { maxBufferedBytes: 100 },
    });
    transport.buffered = 101;
    expect(transport.connect().closeCode).toBe(4100);
    transport.buffered = 100;
    expect(transport.connect().closeCode).toBeUndefined();
  });

  test("[SIGN4] each live key of an app opens connections", async () => {
    const credentials = [
      { key: "old" as AppKey, secret: "1" },
      { key: "new" as AppKey, secret: "2" },
    ] as const;
    const { transport } = await startSocketless({ apps: [testApp({ credentials })] });
    expect(transport.connect({ path: "/app/old" }).closeCode).toBeUndefined();
    expect(transport.connect({ path: "/app/new" }).closeCode).toBeUndefined();
  });
});
