import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AppId } from "@sealcast/protocol";
import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import Pusher from "pusher";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { RawClient } from "../fixtures/raw-client.ts";
import { AdminClient, adminToken } from "./admin-client.ts";

interface Created {
  readonly id: string;
  readonly key: string;
  readonly secret: string;
}

const folder = mkdtempSync(join(tmpdir(), "sealcast-admin-"));
const lines: string[] = [];
const write = (event: string, fields?: object): void => void lines.push(event + JSON.stringify(fields));
const log = { level: "debug", debug: write, info: write, warn: write, error: write } as const;
const clients: RawClient[] = [];
let server: TestServer;
let admin: AdminClient;

beforeAll(async () => {
  const appDatabase = `sqlite:${join(folder, "apps.db")}`;
  const appSecretKeys = Buffer.alloc(32, 7).toString("base64");
  server = await startServer({ apps: [], settings: { appDatabase, appSecretKeys, adminToken }, log });
  admin = new AdminClient(server.url);
});

afterEach(() => {
  for (const client of clients.splice(0)) client.drop();
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function connect(key: string): Promise<RawClient> {
  const client = new RawClient(server.port, { path: `/app/${key}?protocol=7` });
  clients.push(client);
  await client.greeted();
  return client;
}

function library({ id: appId, key, secret }: Created): Pusher {
  return new Pusher({ appId, key, secret, host: "127.0.0.1", port: String(server.port), useTLS: false });
}

describe("the life of an app", () => {
  test("created, used at once, changed, disabled, enabled and deleted", async () => {
    const created = await admin.call<Created>("POST", "/admin/apps", { settings: { clientEvents: true } });
    expect(created).toEqual({
      id: expect.stringMatching(/^\d{9}$/) as unknown,
      key: expect.stringMatching(/^[0-9a-f]{20}$/) as unknown,
      secret: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
    });
    const path = `/admin/apps/${created.id}`;
    const client = await connect(created.key);
    await client.subscribe("orders");
    await library(created).trigger("orders", "placed", { total: 1 });
    await client.next("placed");
    expect(await admin.call("PATCH", path, { maxConnections: 1, clientEvents: null })).toEqual({
      settings: { maxConnections: 1 },
    });
    const second = new RawClient(server.port, { path: `/app/${created.key}?protocol=7` });
    clients.push(second);
    expect((await second.closed).code).toBe(4004);
    await admin.call("PATCH", path, { enabled: false });
    expect((await client.closed).code).toBe(4003);
    await expect(library(created).trigger("orders", "placed", {})).rejects.toMatchObject({ status: 403 });
    await admin.call("PATCH", path, { enabled: true });
    const third = await connect(created.key);
    await admin.call("DELETE", path);
    expect((await third.closed).code).toBe(4001);
    expect((await admin.ask("GET", path)).status).toBe(404);
  });

  test("an app shows its settings and keys with their times, and never a secret", async () => {
    const secret = "a-secret-of-ours";
    await admin.call("POST", "/admin/apps", { id: "shown", key: "shown-key", secret });
    const text = await (await admin.ask("GET", "/admin/apps/shown")).text();
    const shown = await admin.call<{ keys: object[]; settings: object }>("GET", "/admin/apps/shown");
    expect(shown.settings).toMatchObject({ enabled: true, maxEventBytes: 10_240, webhooks: [] });
    expect(shown.keys).toEqual([
      { key: "shown-key", createdMs: expect.any(Number) as unknown, lastUsedMs: null, retiredMs: null },
    ]);
    expect(text + (await (await admin.ask("GET", "/admin/apps")).text()) + lines.join("")).not.toContain(secret);
  });

  test("a deleted app leaves its id and key to another one", async () => {
    await admin.call("POST", "/admin/apps", { id: "again", key: "same-key", secret: "secret-before" });
    await admin.call("DELETE", "/admin/apps/again");
    await admin.call("POST", "/admin/apps", { id: "again", key: "same-key", secret: "secret-after" });
    await connect("same-key");
    const { status } = await library({ id: "again", key: "same-key", secret: "secret-after" }).trigger("a", "b", {});
    expect(status).toBe(200);
  });
});

test("clients of an app whose id changes while its key stays come back at once", async () => {
  const renamed = await startServer();
  const client = await RawClient.connect(renamed.port);
  renamed.server.replaceApps([testApp({ id: "1002" as AppId })]);
  expect((await client.closed).code).toBe(4200);
  const next = await RawClient.connect(renamed.port);
  await next.subscribe("a");
  next.drop();
  await renamed.close();
});

describe("bad input", () => {
  beforeAll(async () => {
    await admin.call("POST", "/admin/apps", { id: "bad", key: "bad-key", secret: "secret-of-bad" });
  });

  test.each([
    [400, "POST", "/admin/apps", "{"],
    [400, "POST", "/admin/apps", "[]"],
    [400, "POST", "/admin/apps", { id: "a b" }],
    [400, "POST", "/admin/apps", { id: 7 }],
    [400, "POST", "/admin/apps", { secret: "short" }],
    [400, "POST", "/admin/apps", { name: "x" }],
    [400, "POST", "/admin/apps", { settings: { connectionsMax: 1 } }],
    [400, "POST", "/admin/apps", { settings: [] }],
    [409, "POST", "/admin/apps", { id: "bad" }],
    [409, "POST", "/admin/apps", { key: "bad-key" }],
    [400, "PATCH", "/admin/apps/bad", { maxConnections: "many" }],
    [400, "PATCH", "/admin/apps/bad", { maxConnections: -1 }],
    [400, "PATCH", "/admin/apps/bad", { id: "other" }],
    [400, "PATCH", "/admin/apps/bad", { keys: [] }],
    [400, "PATCH", "/admin/apps/bad", { allowedOrigins: ["not an origin"] }],
    [400, "PATCH", "/admin/apps/bad", { webhooks: [{ url: "ftp://x", events: ["cache_miss"] }] }],
    [404, "PATCH", "/admin/apps/nobody", {}],
    [404, "DELETE", "/admin/apps/nobody", undefined],
    [409, "POST", "/admin/apps/bad/keys", { key: "bad-key" }],
    [400, "POST", "/admin/apps/bad/keys", { key: "" }],
    [409, "DELETE", "/admin/apps/bad/keys/bad-key", undefined],
    [404, "DELETE", "/admin/apps/bad/keys/none", undefined],
    [404, "DELETE", "/admin/apps/bad/connections/1.1", undefined],
    [400, "GET", "/admin/apps/bad/connections?limit=0", undefined],
    [405, "PUT", "/admin/apps/bad", {}],
  ])("is answered %i: %s %s %j", async (status, method, path, body) => {
    const response = await admin.ask(method, path, body);
    const text = await response.text();
    expect([response.status, text]).toEqual([status, expect.stringMatching(/^\S.*\n$/)]);
    expect(text).not.toContain("secret-of-bad");
    expect(await admin.call("GET", "/admin/apps/bad")).toMatchObject({ settings: { enabled: true } });
  });

  test("apps of the configuration are refused to be changed, and shown", async () => {
    const fixed = await startServer({ settings: { adminToken } });
    const other = new AdminClient(fixed.url);
    for (const [method, path] of [
      ["POST", "/admin/apps"],
      ["PATCH", "/admin/apps/1001"],
      ["DELETE", "/admin/apps/1001"],
      ["POST", "/admin/apps/1001/keys"],
      ["DELETE", "/admin/apps/1001/keys/app-key"],
    ] as const) {
      expect((await other.ask(method, path, method === "DELETE" ? undefined : {})).status).toBe(409);
    }
    expect(await other.call("GET", "/admin/apps/1001")).toMatchObject({ createdMs: null, keys: [{ key: "app-key" }] });
    await fixed.close();
  });
});

test("usage is counted, and an app that has used its messages of the day may not publish", async () => {
  const created = await admin.call<Created>("POST", "/admin/apps", { id: "4001", settings: { messagesPerDay: 6 } });
  const clients4001 = [await connect(created.key), await connect(created.key)];
  for (const client of clients4001) await client.subscribe("a");
  await library(created).trigger(["a", "b"], "e", {});
  // Two channels and two deliveries.
  const [today] = (await admin.call<{ days: object[] }>("GET", "/admin/apps/4001/usage")).days;
  expect(today).toMatchObject({ messages: 4, peakConnections: 2 });
  await library(created).trigger("a", "e", {});
  const refused = library(created).trigger("a", "e", {});
  await expect(refused).rejects.toMatchObject({
    status: 429,
    body: expect.stringContaining("The app has used its 6 messages of today") as unknown,
  });
  await admin.call("PATCH", "/admin/apps/4001", { messagesPerDay: null });
  expect((await library(created).trigger("a", "e", {})).status).toBe(200);
});

test("connections are listed and closed", async () => {
  await admin.call("POST", "/admin/apps", { id: "3001", key: "key-3001", secret: "secret-3001" });
  const client = await connect("key-3001");
  await client.subscribe("a");
  const listed = await admin.call<{ total: number; connections: object[] }>("GET", "/admin/apps/3001/connections");
  expect(listed).toMatchObject({
    total: 1,
    connections: [{ socketId: client.socketId, channels: ["a"], userId: null }],
  });
  await admin.call("DELETE", `/admin/apps/3001/connections/${client.socketId}`);
  expect((await client.closed).code).toBe(4103);
});
