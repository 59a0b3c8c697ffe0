import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RawClient } from "../fixtures/raw-client.ts";
import { webhook } from "../webhooks/webhook-server.ts";
import { consoleFiles } from "./fixtures/console-page.ts";

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

function line(action: string, subject: string, outcome: string, status: number): object {
  return { operator: "developer", action, app: "1001", subject, outcome, status };
}
