// Takes the pictures of the console for the docs, from a real server with official clients: node scripts/console-screenshots.mjs [FOLDER]
// With a folder, it takes every page, light and dark, wide and phone; without, the pictures of the docs.
import { spawn } from "node:child_process";
import { randomBytes, scryptSync } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { chromium } from "playwright-core";
import { build, installPackages, root } from "./prepare.mjs";

const require = createRequire(import.meta.url);
const Pusher = require("pusher");
const PusherJs = require("pusher-js");
const credentials = { appId: "1001", key: "app-key", secret: "app-secret" };
const [folder] = process.argv.slice(2);
const pages = ["overview", "log", "channels", "connections", "webhooks", "metrics", "keys", "apps", "getting-started"];
const adminToken = randomBytes(24).toString("base64url");
const password = "correct horse";

installPackages();
build("packages/cli");
const { Sealcast } = await import("../packages/server-sdk/dist/index.js");
const scratch = mkdtempSync(join(tmpdir(), "sealcast-console-"));
const receiver = createServer((request, response) => {
  request.resume();
  response.writeHead(Math.random() < 0.3 ? 503 : 200).end();
}).listen(0, "127.0.0.1");
await once(receiver, "listening");
writeFileSync(join(scratch, "sealcast.json"), JSON.stringify(configuration()));
const sealcast = join(root, "packages/cli/bin/sealcast.js");
const server = spawn(process.execPath, [sealcast, "start", "--config", join(scratch, "sealcast.json")], {
  stdio: ["ignore", "ignore", "pipe"],
});
const [line] = await once(server.stderr, "data");
const { port } = JSON.parse(line.toString().split("\n")[0]);
await createApp({ id: "1001", key: "app-key", secret: "app-secret", settings: settingsWith(receiver.address().port) });
await createApp({ id: "1002", settings: { maxConnections: 500 } });
await createApp({ id: "1003", settings: { enabled: false } });
const stopTraffic = startTraffic();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  if (folder === undefined) await takeForDocs();
  else await takeAll(folder);
} finally {
  await browser.close();
  stopTraffic();
  server.kill();
  receiver.close();
  await once(server, "close");
  rmSync(scratch, { recursive: true });
}

/** Apps in a database, and one operator. */
function configuration() {
  const salt = randomBytes(16);
  const hash = scryptSync(password, salt, 32, { N: 16_384, r: 8, p: 1 });
  return {
    port: 0,
    dataDirectory: scratch,
    allowPrivateWebhookTargets: true,
    appDatabase: `sqlite:${join(scratch, "apps.db")}`,
    adminToken,
    operators: [
      {
        name: "ada",
        role: "admin",
        passwordHash: `scrypt:16384:8:1:${salt.toString("base64url")}:${hash.toString("base64url")}`,
      },
    ],
  };
}

/** An app with the usual features and a webhook. */
function settingsWith(receiverPort) {
  const events = ["channel_occupied", "channel_vacated", "member_added", "member_removed", "client_event"];
  return {
    clientEvents: true,
    subscriptionCount: true,
    watchlistEvents: true,
    webhooks: [{ url: `http://127.0.0.1:${receiverPort}/webhooks`, events, batch: true }],
  };
}

async function createApp(app) {
  const answer = await fetch(`http://127.0.0.1:${port}/admin/apps`, {
    method: "POST",
    headers: { authorization: `Bearer ${adminToken}` },
    body: JSON.stringify(app),
  });
  if (!answer.ok) throw new Error(`App ${app.id}: ${answer.status} ${await answer.text()}`);
}

async function takeForDocs() {
  const page = await open("light", 1_200, 720);
  await signIn(page);
  await show(page, "overview");
  await pause(20_000);
  await page.screenshot({ path: join(root, "docs/console-overview.png") });
  await show(page, "log");
  await selectEncrypted(page);
  await page.screenshot({ path: join(root, "docs/console-log.png") });
  await show(page, "apps");
  await page.getByRole("switch", { name: "clientEvents" }).waitFor();
  await page.screenshot({ path: join(root, "docs/console-apps.png") });
  const dark = await open("dark", 1_200, 720);
  await signIn(dark);
  await show(dark, "channels");
  await dark.getByRole("button", { name: "presence-room" }).click();
  await dark.getByText("Members").waitFor();
  await dark.screenshot({ path: join(root, "docs/console-channels.png") });
}

async function takeAll(target) {
  mkdirSync(target, { recursive: true });
  for (const scheme of ["light", "dark"]) {
    for (const [width, height] of [
      [1_280, 800],
      [390, 780],
    ]) {
      const page = await open(scheme, width, height);
      const take = (name) => page.screenshot({ path: join(target, `${name}-${scheme}-${width}.png`) });
      await page.goto(`http://127.0.0.1:${port}/console`);
      await page.getByRole("button", { name: "Sign in" }).waitFor();
      await take("sign-in");
      await signIn(page);
      for (const name of pages) {
        await show(page, name);
        await pause(2_000);
        if (name === "log") {
          await take("log-list");
          await selectEncrypted(page);
        }
        if (name === "channels") await page.getByRole("button", { name: "presence-room" }).click();
        await pause(500);
        await take(name);
        if (name === "log") {
          await page.getByRole("button", { name: "Send again" }).click();
          await take("log-creator");
        }
        if (name === "apps") {
          await page.locator("main").evaluate((main) => main.scrollTo(0, main.scrollHeight));
          await take("apps-end");
        }
      }
      await page.close();
    }
  }
}

async function open(colorScheme, width, height) {
  const context = await browser.newContext({ colorScheme, viewport: { width, height } });
  return context.newPage();
}

async function signIn(page) {
  await page.goto(`http://127.0.0.1:${port}/console`);
  await page.getByRole("textbox", { name: "Name" }).fill("ada");
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("status").getByText("Live", { exact: true }).waitFor();
}

async function show(page, name) {
  await page.goto(`http://127.0.0.1:${port}/console#/${name}`);
  await page.getByRole("status").getByText("Live", { exact: true }).waitFor();
}

async function selectEncrypted(page) {
  const row = page
    .locator(".log-row")
    .filter({ hasText: "private-encrypted-orders" })
    .filter({ hasText: "API message" });
  await row.first().waitFor();
  await pause(3_000);
  // Rows move while the log runs: a click at a place may meet another one.
  await row.first().dispatchEvent("click");
}

/** Six official clients, and events for them. Returns what ends them. */
function startTraffic() {
  const backend = new Pusher({
    ...credentials,
    host: "127.0.0.1",
    port: String(port),
    useTLS: false,
    encryptionMasterKeyBase64: randomBytes(32).toString("base64"),
  });
  const clients = ["ada", "bob", "cleo", "dora", "emil", "fay"].map((user) => {
    const customHandler = ({ socketId, channelName }, done) =>
      done(null, backend.authorizeChannel(socketId, channelName, { user_id: user }));
    const client = new PusherJs("app-key", {
      wsHost: "127.0.0.1",
      wsPort: port,
      forceTLS: false,
      enabledTransports: ["ws"],
      cluster: "self",
      channelAuthorization: { customHandler },
    });
    for (const name of ["orders", "presence-room", "private-encrypted-orders", "cache-price"]) client.subscribe(name);
    return client;
  });
  const ring = [{ key: randomBytes(32).toString("base64") }];
  const sealing = new Sealcast({ ...credentials, host: "127.0.0.1", port, useTLS: false, sealed: { ring } });
  let count = 0;
  const timer = setInterval(() => {
    count += 1;
    if (count % 3 === 0) publish(backend, "orders", "paid", { order: count });
    if (count % 4 === 0) publish(backend, "private-encrypted-orders", "paid", { order: count, total: "12.50" });
    if (count % 5 === 0) sealing.trigger("private-sealed-chat", "said", { text: "hello" }).catch(() => undefined);
    if (count % 7 === 0) publish(backend, "cache-price", "price", { now: 100 + (count % 9) });
    if (count % 11 === 0) fetch(`http://127.0.0.1:${port}/apps/1001/channels`).catch(() => undefined);
    clients[count % 6].channel("presence-room").trigger("client-typing", { on: true });
  }, 150);
  return () => {
    clearInterval(timer);
    for (const client of clients) client.disconnect();
  };
}

/** Publishes, and ignores refusals: the pictures need some events, not all. */
function publish(backend, channel, event, data) {
  backend.trigger(channel, event, data).catch(() => undefined);
}
