import { adminRoutes } from "@sealcast/server";
import type { TestServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RawClient } from "../fixtures/raw-client.ts";
import { WebhookReceiver } from "../fixtures/webhook-receiver.ts";
import { startWebhookServer } from "./webhook-server.ts";

const token = "a-token-of-thirty-two-characters";
let receiver: WebhookReceiver;
let server: TestServer;
let client: RawClient;

beforeAll(async () => {
  receiver = await WebhookReceiver.start();
  server = await startWebhookServer(receiver, { events: ["client_event"] }, {}, { adminToken: token });
  client = await RawClient.connect(server.port);
  await client.join("presence-room", "ada");
  await client.signIn({ id: "ada" });
  client.send({ event: "client-a", channel: "presence-room", data: "a private word" });
  await receiver.next();
});

afterAll(async () => {
  client.drop();
  await server.close();
  await receiver.close();
});

function ask(method: string, path: string, headers: Record<string, string> = { authorization: `Bearer ${token}` }) {
  return fetch(`${server.url}${path}`, { method, headers });
}

/** Calls one of the documented routes, checks the answer against its description and returns it. */
async function call(method: string, path: string, query: Record<string, string> = {}): Promise<unknown> {
  const route = adminRoutes.find((row) => row.method === method && matcherOf(row.path).test(path));
  const response = await ask(method, `${path}?${new URLSearchParams(query)}`);
  expect([path, response.status]).toEqual([path, 200]);
  return route?.answer.parse(await response.json());
}

function matcherOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
}

describe("the admin API", () => {
  test("does not exist without a token in the configuration", async () => {
    const other = await WebhookReceiver.start();
    const open = await startWebhookServer(other);
    expect((await fetch(`${open.url}/admin/apps`, { headers: { authorization: "Bearer " } })).status).toBe(404);
    await open.close();
    await other.close();
  });

  test.each([
    ["none", {}],
    ["an empty one", { authorization: "Bearer " }],
    ["another", { authorization: `Bearer ${token}x` }],
    ["the start of it", { authorization: `Bearer ${token.slice(0, -1)}` }],
    ["another scheme", { authorization: `Basic ${token}` }],
    ["a secret of an app", { authorization: "Bearer app-secret" }],
  ])("refuses every route without its token: %s", async (_, headers) => {
    for (const { method, path } of adminRoutes) {
      const response = await ask(method, path.replaceAll(/\{\w+\}/g, "1001"), headers);
      expect([path, response.status, response.headers.get("www-authenticate")]).toEqual([path, 401, "Bearer"]);
    }
  });

  test("is described by an OpenAPI document that has every route of the server and no other", async () => {
    const { paths } = (await call("GET", "/admin/openapi.json")) as { paths: Record<string, Record<string, unknown>> };
    const described = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.toSorted()).toEqual(adminRoutes.map(({ method, path }) => `${method} ${path}`).toSorted());
    for (const path of Object.keys(paths)) {
      // A method that no route has: the answer names those that the server has.
      const response = await ask("PUT", path.replaceAll(/\{\w+\}/g, "1001"));
      const own = Object.keys(paths[path] ?? {}).map((method) => method.toUpperCase());
      // What answers GET also answers HEAD.
      const methods = own.includes("GET") ? ["HEAD", ...own] : own;
      expect([path, response.headers.get("allow")?.split(", ").toSorted()]).toEqual([path, methods.toSorted()]);
    }
  });

  test("lists apps without secrets, channels and members", async () => {
    expect(await call("GET", "/admin/apps")).toEqual({
      apps: [{ id: "1001", enabled: true, keys: ["app-key"], webhooks: [receiver.url()] }],
    });
    const row = { name: "presence-room", subscriptions: 1, users: 1 };
    expect(await call("GET", "/admin/apps/1001/channels", { prefix: "presence-" })).toEqual({ channels: [row] });
    expect(await call("GET", "/admin/apps/1001/channels", { prefix: "x" })).toEqual({ channels: [] });
    expect(await call("GET", "/admin/apps/1001/channels/presence-room")).toEqual({ ...row, members: ["ada"] });
  });

  test("shows attempts, dead letters without data, and replays and clears them", async () => {
    const url = receiver.url();
    const { attempts } = (await call("GET", "/admin/apps/1001/webhooks/attempts", { url })) as { attempts: unknown[] };
    expect(attempts).toMatchObject([{ status: 200, error: null, events: 1 }]);
    expect(await call("GET", "/admin/apps/1001/webhooks")).toEqual({
      webhooks: [{ url, events: ["client_event"], batch: false }],
      queue: { events: 0, bytes: 0, deadLetters: 0 },
    });
    expect(await call("GET", "/admin/apps/1001/webhooks/dead", { url })).toEqual({ deadLetters: [] });
    expect(await call("POST", "/admin/apps/1001/webhooks/dead/replay", { url })).toEqual({ replayed: 0 });
    expect(await call("DELETE", "/admin/apps/1001/webhooks/dead", { url, id: "none" })).toEqual({ removed: 0 });
  });

  test.each([
    [400, "GET", "/admin/apps/1001/channels/a%20b"],
    [400, "POST", "/admin/apps/1001/users/a%20b/terminate"],
    [400, "GET", "/admin/apps/1001/webhooks/attempts"],
    [400, "GET", "/admin/apps/1001/webhooks/dead?url=http://elsewhere/&limit=0"],
    [404, "GET", "/admin/apps/1001/webhooks/dead?url=http://elsewhere/"],
    [404, "GET", "/admin/apps/9/channels"],
    [404, "GET", "/admin/apps/__proto__/channels"],
    [404, "GET", "/admin/nothing"],
    [405, "DELETE", "/admin/apps"],
  ])("answers %i to %s %s", async (status, method, path) => {
    const response = await ask(method, path);
    expect([response.status, await response.text()]).toEqual([status, expect.stringMatching(/^\S.*\n$/)]);
  });

  test("closes the connections of a user", async () => {
    expect(await call("POST", "/admin/apps/1001/users/ada/terminate")).toEqual({});
    expect((await client.closed).code).toBe(4009);
  });
});
