import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errorCatalogue } from "@sealcast/protocol";
import { adminRoutes } from "@sealcast/server";
import { FakeClock, startServer, type TestServer } from "@sealcast/server-testing";
import { appRoutes } from "../../../packages/server/src/http-api/routes.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callApi, publish, send, type ApiAnswer } from "../../fixtures/api-request.ts";
import { RawClient } from "../../fixtures/raw-client.ts";
import { SeededRandom } from "../../fixtures/seeded-random.ts";

const token = "a-token-of-thirty-two-characters";
const folder = mkdtempSync(join(tmpdir(), "sealcast-bad-input-"));
const clock = new FakeClock(Date.now());
const random = new SeededRandom();
const failures: string[] = [];
const ignore = (): void => undefined;
const log = {
  level: "debug",
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: (event: string, fields?: object) => void failures.push(`${event} ${JSON.stringify(fields)}`),
} as const;
let server: TestServer;
let bystander: RawClient;
let before: string;

/** Asks the admin API, which answers 50 requests in a second of its clock. */
function admin(method: string, path: string, body: string | Uint8Array = ""): Promise<ApiAnswer> {
  clock.advance(25);
  return send(server.port, method, path, body, { authorization: `Bearer ${token}`, ...lengthOf(body) });
}

/** Some methods send a body only with its length. */
function lengthOf(body: string | Uint8Array): Readonly<Record<string, string>> {
  return body === "" ? {} : { "content-length": String(Buffer.byteLength(body)) };
}

beforeAll(async () => {
  const settings = { appDatabase: `sqlite:${join(folder, "apps.db")}`, adminToken: token };
  server = await startServer({ apps: [], settings: { ...settings, dataDirectory: folder }, log, ports: { clock } });
  const webhooks = [{ url: "http://127.0.0.1:9/hook", events: ["client_event"] }];
  const app = { id: "1001", key: "app-key", secret: "app-secret", settings: { webhooks } };
  await admin("POST", "/admin/apps", JSON.stringify(app));
  before = (await admin("GET", "/admin/apps/1001")).body;
  bystander = await RawClient.connect(server.port);
  await bystander.subscribe("news");
}, 60_000);

afterAll(async () => {
  bystander.drop();
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Bodies that no client should send. */
const bodies: readonly (string | Uint8Array)[] = [
  "",
  "{",
  "null",
  "[]",
  "7",
  '"text"',
  "{}",
  "[".repeat(5_000),
  '{"a":'.repeat(5_000),
  '{"__proto__":{"enabled":false},"constructor":1}',
  '{"id":{"toString":1},"key":[],"secret":null,"settings":7}',
  '{"name":"e","channel":"news\\u0000","data":"\\ud800"}',
  '{"name":"e","channels":[null,{},"news"],"data":1e999}',
  '{"batch":{"length":5}}',
  `{"name":"${"n".repeat(5_000)}","channel":"${"c".repeat(5_000)}","data":""}`,
  `{"name":"e","channels":${JSON.stringify(Array.from({ length: 500 }, (_, index) => `c${index}`))},"data":"x"}`,
  "a=b&c=d",
  Uint8Array.of(0xff, 0xfe, 0x00, 0x80),
  Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d),
  "x".repeat(20_000),
];

/** Parts of a path, as they stand in the request. */
const parts = ["%", "%ff", "%00", "%2e%2e", "__proto__", "a%2fb", "%F0%9F%98%80", "x".repeat(500), "2002"] as const;

const queries = [
  "",
  "limit=-1",
  "limit=1e9",
  "limit=%ff",
  "url=%ff",
  "url=&url=x",
  "a[]=1&a[]=2",
  "&&=&",
  "prefix=%00",
];

/** Statuses that docs/errors.md has a row for. */
const documented: ReadonlySet<number> = new Set(Object.values(errorCatalogue).map(({ status }) => status));

/** What is wrong with an answer; undefined: it is one that the documentation names. */
function problemOf({ status, type, body }: ApiAnswer): string | undefined {
  if (status === 200) return type === "application/json" && isJson(body) ? undefined : `200 with ${type}: ${body}`;
  if (!documented.has(status) || status >= 500) return `${status}: ${body}`;
  return /^\S[^\n]*\n$/.test(body) ? undefined : `${status} with another text: ${body}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Notes what is wrong with an answer. */
function check(request: string, answer: ApiAnswer): void {
  const problem = problemOf(answer);
  if (problem !== undefined) failures.push(`${random.seed} ${request} was answered ${problem}`);
}

/**
 * Returns what was wrong so far. Before, it checks that the app that was not asked for is as it was, and that its client
 * misses nothing.
 */
async function faults(): Promise<readonly string[]> {
  const after = (await admin("GET", "/admin/apps/1001")).body;
  const [first, second] = [before, after].map((text) => text.replace(/"lastUsedMs":\d+/, '"lastUsedMs":null'));
  if (first !== second) failures.push(`The app has changed: ${second}`);
  const data = String(random.below(1_000_000_000));
  await publish(server.port, "news", "still-here", data);
  const received = await bystander.next("still-here");
  if (received.data !== data) failures.push(`The client received ${String(received.data)}`);
  return failures;
}

/** Fills the variable parts of a path with bad ones. The app is another one than the bystander's. */
function badPath(path: string): string {
  let filled = path.replace("{app}", random.below(3) === 0 ? random.pick(parts) : "2002");
  while (/\{\w+\}/.test(filled)) filled = filled.replace(/\{\w+\}/, random.pick(parts));
  return filled;
}

describe("the admin API", () => {
  test.each(adminRoutes.map(({ method, path }) => ({ method, path })))(
    "answers bad input to $method $path as documented, and others lose nothing",
    async ({ method, path }) => {
      // The app that is asked for; an earlier request may have deleted it.
      await admin("POST", "/admin/apps", JSON.stringify({ id: "2002", key: "key-of-2002" }));
      for (const body of method === "GET" ? ["", "{"] : bodies) {
        const target = `${badPath(path)}?${random.pick(queries)}`;
        check(`${method} ${target} ${String(body).slice(0, 100)}`, await admin(method, target, body));
      }
      expect(await faults()).toEqual([]);
    },
  );
});

describe("the HTTP API", () => {
  test.each(appRoutes.map(({ method, path }) => ({ method, path })))(
    "answers bad input to $method $path as documented, and others lose nothing",
    async ({ method, path }) => {
      const below = path.replace("/apps/*", "");
      for (const body of method === "GET" ? ["", "{"] : bodies) {
        const target = below.replaceAll("*", () => random.pick(parts));
        const query = [[random.pick(["info", "filter_by_prefix", "limit", "after"]), random.pick(parts)]] as const;
        const call = { method, path: target, query, sentBody: body, body: String(body), headers: lengthOf(body) };
        check(`${method} ${target} ${String(body).slice(0, 100)}`, await callApi(server.port, call));
      }
      expect(await faults()).toEqual([]);
    },
  );

  test.each([
    ["auth_key", ["", "nobody", "app-key\u0000", "__proto__"]],
    ["auth_timestamp", ["", "0", "-1", "NaN", "1e400", "9".repeat(400)]],
    ["auth_version", ["", "2.0"]],
    ["body_md5", ["", "x", "0".repeat(32)]],
    ["auth_signature", ["", "0".repeat(64), "\u00e9".repeat(64), "x".repeat(10_000)]],
  ])("refuses a bad %s", async (name, values) => {
    for (const value of values) {
      const body = { name: "e", channels: ["news"], data: "forged" };
      const answer = await callApi(server.port, { path: "/events", body, change: { [name]: value } });
      check(`${name}=${value.slice(0, 100)}`, answer);
      expect(answer.status).toBeGreaterThanOrEqual(400);
    }
    expect(await faults()).toEqual([]);
  });

  test.each(["/", "/health/live", "/up", "/health/ready", "/metrics", "/nowhere", "/app/app-key"])(
    "answers other methods and bodies to %s as documented",
    async (path) => {
      for (const method of ["PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE"]) {
        const body = method === "TRACE" ? "" : random.pick(bodies);
        const answer = await send(server.port, method, path, body, lengthOf(body));
        check(`${method} ${path}`, answer);
        expect(answer.status).toBeGreaterThanOrEqual(400);
      }
      expect(await faults()).toEqual([]);
    },
  );
});
