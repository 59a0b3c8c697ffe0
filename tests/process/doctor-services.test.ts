import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer, type TestServer } from "@sealcast/server-testing";
import { describeWithRedis, startRedis } from "@sealcast/server-testing/redis";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { SealcastProcess } from "../fixtures/sealcast-process.ts";

let server: TestServer;
let folder: string;

beforeAll(async () => {
  server = await startServer();
  folder = mkdtempSync(join(tmpdir(), "sealcast-services-"));
}, 60_000);

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Runs `doctor` with a configuration, and returns what it says about the engine and the webhooks, one line for each. */
async function diagnose(config: object, environment: Record<string, string> = {}): Promise<string> {
  const path = join(folder, "sealcast.json");
  const { webhooks = [], ...settings } = config as { webhooks?: readonly object[] };
  const apps = [{ id: "1001", key: "app-key", secret: "app-secret", webhooks }];
  writeFileSync(path, JSON.stringify({ port: server.port, ...settings, apps }));
  const doctor = new SealcastProcess(["doctor", "--json", "--idle-seconds", "0", "--config", path], environment);
  await doctor.exited;
  const { checks } = JSON.parse(doctor.stdout) as {
    readonly checks: readonly { id: string; status: string; seen: string; fix?: string }[];
  };
  return checks
    .filter(({ id }) => id === "engine" || id === "webhooks")
    .map(({ id, status, seen, fix = "" }) => `${id} ${status}: ${seen} | ${fix}`)
    .join("\n");
}

/** Starts a receiver that answers every request with a status, and returns its URL and what it received. */
async function receiver(status: number): Promise<{ url: string; bodies: string[] }> {
  const bodies: string[] = [];
  const http = createServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      bodies.push(body);
      response.writeHead(status).end();
    });
  }).listen(0, "127.0.0.1");
  await once(http, "listening");
  onTestFinished(() => void http.close());
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/hook?token=hidden`, bodies };
}

const events = ["channel_occupied"];

test("without webhooks and with the memory engine there is nothing to check", async () => {
  expect(await diagnose({})).toBe(
    "engine skipped: the server keeps everything in its memory | \nwebhooks skipped: the app has none | ",
  );
});

test("a receiver that accepts a signed delivery without events is in order", async () => {
  const { url, bodies } = await receiver(200);
  const found = await diagnose({ allowPrivateWebhookTargets: true, webhooks: [{ url, events }] });
  expect(found).toContain("webhooks ok: 1 of 1 receivers accept a delivery without events");
  expect(bodies.map((body) => (JSON.parse(body) as { events: unknown }).events)).toEqual([[]]);
});

test.each([
  [
    "answers an error",
    403,
    true,
    /^webhooks problem: http:\/\/127\.0\.0\.1:\d+\/hook: 403 \| The receiver must answer/m,
  ],
  ["is in a private network", 200, false, /^webhooks problem: .*no public address \| Set allowPrivateWebhookTargets/m],
])("a receiver that %s is named", async (_, status, allowPrivateWebhookTargets, expected) => {
  const { url } = await receiver(status);
  const found = await diagnose({ allowPrivateWebhookTargets, webhooks: [{ url, events }] });
  expect(found).toMatch(expected);
  expect(found).not.toContain("hidden");
});

test("a receiver where nothing listens is named", async () => {
  const webhooks = [{ url: "http://127.0.0.1:1/hook", events }];
  expect(await diagnose({ allowPrivateWebhookTargets: true, webhooks })).toMatch(
    /^webhooks problem: http:\/\/127\.0\.0\.1:1\/hook: connection refused \| Check the URL/m,
  );
});

describeWithRedis("the engine", () => {
  test("a Redis that can be used is in order, also if an environment variable names it", async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    expect(await diagnose({ engine: { kind: "redis", url: redis.url } })).toContain("engine ok: connects");
    const environment = { SEALCAST_ENGINE_URL: redis.url };
    expect(await diagnose({ engine: { kind: "redis" } }, environment)).toContain("engine ok: connects");
  });

  test("a Redis where nothing listens, or that asks for a password, is named", async () => {
    expect(await diagnose({ engine: { kind: "redis", url: "redis://127.0.0.1:1" } })).toMatch(
      /^engine problem: .*refused connection.* \| .+/m,
    );
    const redis = await startRedis(["--requirepass", "the-password"]);
    onTestFinished(() => redis.stop());
    const found = await diagnose({ engine: { kind: "redis", url: redis.url.replace("//", "//:wrong-password@") } });
    expect(found).toMatch(/^engine problem: .*password.* \| .+/m);
    expect(found).not.toMatch(/the-password|wrong-password/);
  });
});
