import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { otherApp } from "../fixtures/other-app.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { webhook } from "../webhooks/webhook-server.ts";
import { consoleFiles, quickHashOf } from "./fixtures/console-page.ts";

const audited: object[] = [];
const quiet = (): void => undefined;
const log = {
  level: "info",
  debug: quiet,
  info: (event: string, fields: object = {}) => void (event === "console.operator_acted" && audited.push(fields)),
  warn: quiet,
  error: quiet,
} as const;

describe("the log says what operators did, and what they were refused", () => {
  let server: TestServer;
  let token: string;
  const dataDirectory = mkdtempSync(join(tmpdir(), "sealcast-console-audit-"));
  beforeAll(async () => {
    const url = "https://hooks.example.com/secret-path";
    const app = testApp({ maxEventBytes: 10, webhooks: [webhook(url, { events: ["cache_miss"] })] });
    server = await startServer({ apps: [app], ports: { consoleFiles }, settings: { dataDirectory }, log });
    ({ token } = (await (await fetch(`${server.url}/console/api/session`)).json()) as { token: string });
  });
  afterAll(async () => {
    await server.close();
    rmSync(dataDirectory, { recursive: true });
  });

  const act = async (method: string, path: string, body?: object): Promise<number> => {
    audited.length = 0;
    const init = { method, headers: { "x-console-token": token }, ...(body && { body: JSON.stringify(body) }) };
    const answer = await fetch(`${server.url}/console/api/apps/1001${path}`, init);
    return answer.status;
  };
  const event = { channel: "orders", event: "paid" };
  const letter = { url: "https://hooks.example.com/secret-path", id: "none" };

  test.each([
    ["an event", "/events", { ...event, data: "{}" }, line("send-event", "orders", "done", 200)],
    ["a large event", "/events", { ...event, data: '"too large"' }, line("send-event", "orders", "refused", 413)],
    ["half an event", "/events", event, line("send-event", "orders", "refused", 400)],
    ["no dead letter", "/webhooks/clear", letter, line("clear-webhooks", "dead letter none", "done", 200)],
    [
      "a dead letter of a URL that the app does not have",
      "/webhooks/replay",
      { url: "https://other.example.com" },
      line("replay-webhooks", "all dead letters of a URL", "refused", 404),
    ],
    ["an app of the configuration", "/keys", {}, line("add-key", "", "refused", 409)],
  ] as const)("%s", async (_, path, body, expected) => {
    await act("POST", path, body);
    expect(audited).toEqual([expected]);
  });

  test("a connection that is closed, and one that does not exist", async () => {
    const client = await RawClient.connect(server.port);
    expect(await act("DELETE", `/connections/${client.socketId}`)).toBe(200);
    expect(audited).toEqual([line("close-connection", client.socketId, "done", 200)]);
    await client.closed;
    expect(await act("DELETE", "/connections/1.1")).toBe(404);
    expect(audited).toEqual([line("close-connection", "1.1", "refused", 404)]);
  });
});

describe("a change that is refused before it is looked at", () => {
  let server: TestServer;
  beforeAll(async () => {
    const passwordHash = quickHashOf("correct horse");
    server = await startServer({
      apps: [testApp(), otherApp("2002", {})],
      ports: { consoleFiles },
      operators: [
        { name: "ada", role: "admin", passwordHash, apps: ["1001"] },
        { name: "bob", role: "read-only", passwordHash },
      ],
      log,
    });
  });
  afterAll(() => server.close());

  const changes = [
    ["POST", "/apps/1001/events", "send-event", "orders", { channel: "orders", event: "paid", data: "{}" }],
    ["POST", "/apps/1001/webhooks/replay", "replay-webhooks", "dead letter 7", { url: "https://x.example", id: "7" }],
    ["POST", "/apps/1001/webhooks/clear", "clear-webhooks", "all dead letters of a URL", { url: "https://x.example" }],
    ["DELETE", "/apps/1001/connections/1.2", "close-connection", "1.2", {}],
    ["PATCH", "/apps/1001", "change-app", "", { clientEvents: true }],
    ["DELETE", "/apps/1001", "delete-app", "", {}],
    ["POST", "/apps/1001/keys", "add-key", "", {}],
    ["DELETE", "/apps/1001/keys/app-key", "retire-key", "app-key", {}],
  ] as const;

  test.each(changes)("%s %s by a read-only operator", async (method, path, action, subject, body) => {
    expect(await ask("bob", method, path, body)).toBe(403);
    expect(audited).toEqual([{ ...line(action, subject, "refused", 403), operator: "bob" }]);
  });

  test("an app that a read-only operator wants to create", async () => {
    expect(await ask("bob", "POST", "/apps", { settings: {} })).toBe(403);
    expect(audited).toEqual([{ ...line("create-app", "", "refused", 403), operator: "bob", app: undefined }]);
  });

  test("a change of an admin that does not come from the page", async () => {
    expect(await ask("ada", "PATCH", "/apps/1001", { clientEvents: true }, "another token")).toBe(403);
    expect(audited).toEqual([{ ...line("change-app", "", "refused", 403), operator: "ada" }]);
  });

  test("a change of an app that the admin may not see", async () => {
    expect(await ask("ada", "PATCH", "/apps/2002", { clientEvents: true })).toBe(404);
    expect(audited).toEqual([{ ...line("change-app", "", "refused", 404), operator: "ada", app: "2002" }]);
  });

  test("somebody who is not signed in is not an operator: the log has no line", async () => {
    audited.length = 0;
    const answer = await fetch(`${server.url}/console/api/apps/1001`, { method: "PATCH", body: "{}" });
    expect([answer.status, audited]).toEqual([401, []]);
  });

  /** Signs in and sends one request; returns its status. `audited` then has only what this request has caused. */
  async function ask(name: string, method: string, path: string, body: object, token?: string): Promise<number> {
    const api = `${server.url}/console/api`;
    const signedIn = await fetch(`${api}/login`, {
      method: "POST",
      body: JSON.stringify({ name, password: "correct horse" }),
    });
    const cookie = (signedIn.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const session = (await (await fetch(`${api}/session`, { headers: { cookie } })).json()) as { token: string };
    audited.length = 0;
    const headers = { cookie, "x-console-token": token ?? session.token };
    return (await fetch(api + path, { method, headers, body: JSON.stringify(body) })).status;
  }
});

function line(action: string, subject: string, outcome: string, status: number): object {
  return { operator: "developer", action, app: "1001", subject, outcome, status };
}
