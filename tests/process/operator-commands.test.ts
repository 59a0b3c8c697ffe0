import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Sealcast } from "@sealcast/server-sdk";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { root } from "../fixtures/repository.ts";
import { SealcastProcess } from "../fixtures/sealcast-process.ts";

const adminToken = "a".repeat(40);
let folder: string;
let config: string;
let server: SealcastProcess;
let environment: Record<string, string>;
let api: Sealcast;
/** What the receiver of the webhooks answers. */
let status = 500;
const receiver = createServer((request, response) => {
  request.resume();
  response.writeHead(status).end();
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sealcast-operator-"));
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const passwordHash = execFileSync(
    process.execPath,
    [join(root, "packages/cli/bin/sealcast.js"), "console-password"],
    { input: "correct horse\n", encoding: "utf8" },
  ).trim();
  const app = {
    id: "1001",
    key: "the-key",
    secret: "the-secret",
    history: [{ prefix: "kept-", size: 10, ttlSeconds: 60 }],
    webhooks: [{ url: webhookUrl(), events: ["channel_occupied", "channel_vacated"] }],
  };
  config = join(folder, "sealcast.json");
  writeFileSync(
    config,
    JSON.stringify({
      drainSeconds: 0,
      dataDirectory: join(folder, "data"),
      allowPrivateWebhookTargets: true,
      operators: [{ name: "ada", role: "admin", passwordHash }],
      apps: [app],
    }),
  );
  const [started, port] = await SealcastProcess.start(["--config", config], { SEALCAST_ADMIN_TOKEN: adminToken });
  server = started;
  const url = `http://the-key:the-secret@127.0.0.1:${port}/apps/1001`;
  environment = { SEALCAST_URL: url, SEALCAST_ADMIN_TOKEN: adminToken, SEALCAST_CONSOLE_PASSWORD: "correct horse" };
  api = Sealcast.forURL(url);
}, 60_000);

afterAll(async () => {
  server.signal("SIGTERM");
  await server.exited;
  receiver.close();
  rmSync(folder, { recursive: true });
});

const webhookUrl = (): string => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;

/** Runs a command and returns its exit code and what it printed. */
async function run(args: readonly string[], changes: Record<string, string> = {}): Promise<[number | null, string]> {
  const command = new SealcastProcess(args, { ...environment, ...changes });
  const code = await command.exited;
  return [code, code === 0 ? command.stdout : command.stderr];
}

test("tail prints what happens, filtered, and ends after the count", async () => {
  const tail = new SealcastProcess(
    ["tail", "--operator", "ada", "--type", "api-message", "--prefix", "news", "--count", "2", "--json"],
    environment,
  );
  await tail.wrote(/Connected/);
  for (const channel of ["other", "news", "news-2"]) await api.trigger(channel, "tick", "x");
  expect(await tail.exited).toBe(0);
  const entries = tail.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { channel: string });
  expect(entries.map(({ channel }) => channel)).toEqual(["news", "news-2"]);
});

test.each([
  [{ SEALCAST_CONSOLE_PASSWORD: "wrong" }, ["--operator", "ada"], "Name or password is wrong (401).\n"],
  [{}, [], "The console asks for a name and a password: use --operator NAME.\n"],
  [{}, ["--operator", "ada", "--type", "nothing"], "There are no entries of the type nothing."],
])("tail with %j and %j says why it cannot show the log", async (changes, args, reason) => {
  const [code, text] = await run(["tail", ...args], changes);
  expect([code, text.slice(0, reason.length)]).toEqual([1, reason]);
});

test("channels history prints the events that a channel keeps, also after a position", async () => {
  for (const text of ["one", "two", "three"]) await api.trigger("kept-orders", "paid", { text });
  const [code, text] = await run(["channels", "history", "kept-orders"]);
  expect(code).toBe(0);
  expect(text).toMatch(/^OFFSET {2}TIME .*\n1 .* paid {3}\{"text":"one"\}\n2 .*two.*\n3 .*three/);
  const [, json] = await run(["channels", "history", "kept-orders", "--json"]);
  const { epoch } = JSON.parse(json) as { epoch: string };
  const [, later] = await run(["channels", "history", "kept-orders", "--after", `${epoch}:2`]);
  expect(later).toMatch(/^OFFSET.*\n3 .*three.*\n$/);
  expect((await run(["channels", "history", "other"]))[1]).toBe("The channel keeps no events.\n");
});

test("webhooks lists what waits and what was tried", async () => {
  const subscriber = new SealcastProcess(["subscribe", "occupied-channel", "--count", "1"], environment);
  await subscriber.wrote(/Subscribed/);
  const deliveries = async (): Promise<{ status: number | null }[]> =>
    JSON.parse((await run(["webhooks", "deliveries", "--json"]))[1]) as { status: number | null }[];
  await expect.poll(deliveries, { timeout: 15_000 }).toContainEqual(expect.objectContaining({ status: 500 }));
  const [code, list] = await run(["webhooks", "list"]);
  expect([code, list]).toEqual([
    0,
    expect.stringContaining(`${webhookUrl()}  channel_occupied, channel_vacated\n\nQueue of the server: `),
  ]);
  status = 200;
  await expect.poll(deliveries, { timeout: 15_000 }).toContainEqual(expect.objectContaining({ status: 200 }));
  await api.trigger("occupied-channel", "end", "x");
  await subscriber.exited;
  expect(await run(["webhooks", "dead", webhookUrl()])).toEqual([0, "There are no dead letters.\n"]);
  expect(await run(["webhooks", "replay"])).toEqual([0, "0 dead letters are sent again.\n"]);
  expect(await run(["webhooks", "clear", "--json"])).toEqual([0, '{"removed":0}\n']);
});

test.each([
  [["webhooks", "dead", "http://nobody.invalid/"], {}, "The app has no webhook with this url (404).\n"],
  [["webhooks", "list"], { SEALCAST_ADMIN_TOKEN: "b".repeat(40) }, "Missing or wrong admin token (401).\n"],
  [["webhooks", "list"], { SEALCAST_ADMIN_TOKEN: "" }, "This command needs the admin token of the server: set"],
  [["webhooks", "list"], { SEALCAST_URL: "http://k:s@127.0.0.1:1/apps/1" }, "Cannot reach http://127.0.0.1:1: "],
])("%j with %j says why it failed", async (args, changes, reason) => {
  const [code, text] = await run(args, changes);
  expect([code, text.slice(0, reason.length)]).toEqual([1, reason]);
});

test("webhooks listen prints the events that a server sends, and refuses other requests", async () => {
  const listening = new SealcastProcess(["webhooks", "listen", "--port", "0", "--count", "1", "--json"], environment);
  const [, address = ""] = await listening.wrote(/(http:\/\/127\.0\.0\.1:\d+\/)/);
  const forged = await fetch(address, { method: "POST", body: "{}", headers: { "X-Pusher-Key": "the-key" } });
  expect(forged.status).toBe(401);
  const other = join(folder, "other.json");
  const webhooks = [{ url: address, events: ["channel_occupied"] }];
  writeFileSync(
    other,
    JSON.stringify({
      drainSeconds: 0,
      dataDirectory: join(folder, "other-data"),
      allowPrivateWebhookTargets: true,
      apps: [{ id: "1001", key: "the-key", secret: "the-secret", webhooks }],
    }),
  );
  const [sender, port] = await SealcastProcess.start(["--config", other]);
  onTestFinished(() => sender.signal("SIGKILL"));
  const target = { SEALCAST_URL: `http://the-key:the-secret@127.0.0.1:${port}/apps/1001` };
  const subscriber = new SealcastProcess(["subscribe", "somebody", "--count", "1"], target);
  onTestFinished(() => subscriber.signal("SIGKILL"));
  expect(await listening.exited).toBe(0);
  expect(JSON.parse(listening.stdout)).toMatchObject({ name: "channel_occupied", channel: "somebody" });
});

test("errors are JSON with --json", async () => {
  expect(await run(["channels", "list", "--json", "--colored"])).toEqual([
    2,
    expect.stringMatching(/^\{"error":"unknown option '--colored'.*"exitCode":2\}\n$/),
  ]);
  const [code, text] = await run(["channels", "members", "news", "--json"]);
  expect([code, JSON.parse(text)]).toEqual([
    1,
    { error: expect.any(String) as string, code: "bad-request", exitCode: 1 },
  ]);
});
