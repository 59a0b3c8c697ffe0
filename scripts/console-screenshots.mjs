// Takes the pictures of the console for the docs, from a real server with official clients: node scripts/console-screenshots.mjs [FOLDER]
// With a folder, it takes every page, light and dark, wide and phone; without, the pictures of the docs.
import { execFileSync, spawn } from "node:child_process";
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
/** The pictures of the docs show a quiet day; the others show long names and many failures. */
const isForDocs = folder === undefined;
const pages = ["overview", "log", "channels", "connections", "webhooks", "metrics", "keys", "apps", "getting-started"];
const masterKey = randomBytes(32).toString("base64");
const nextKey = { key: randomBytes(32).toString("base64"), from: "2030-01-01T00:00:00Z" };
const ring = JSON.stringify({ ring: [{ key: masterKey }, nextKey] });
const adminToken = randomBytes(24).toString("base64url");
const password = "correct horse";

const channels = [
  "orders",
  "presence-room",
  "private-encrypted-orders",
  "cache-price",
  "private-sealed-chat",
  ...(isForDocs ? [] : [`private-user.${"cafe".repeat(15)}@tenant-7.notifications.example`]),
];

/** What opens on a page, and what is below its first screen. */
const details = {
  async overview(page, take) {
    await toEnd(page);
    await take("overview-end");
  },
  async log(page, take) {
    await page.getByText("Log types").click();
    await take("log-types");
    await page.keyboard.press("Escape");
    await selectEncrypted(page);
    await pause(300);
    await take("log-entry");
    await page.getByRole("button", { name: "Send again" }).click();
    await takeDialog(page, take, "log-creator");
    await page.getByRole("button", { name: "Unlock" }).click();
    await takeDialog(page, take, "unlock", () => page.getByRole("textbox", { name: /Master keys/ }).fill(ring));
    await page.getByRole("button", { name: "Unlock" }).click();
    await page.getByRole("textbox", { name: /Master keys/ }).fill(ring);
    await page.getByRole("button", { name: "Unlock in this page" }).click();
    await page.getByRole("complementary").getByRole("button", { name: "Close" }).click();
    await selectEncrypted(page);
    await pause(300);
    await take("log-entry-opened");
  },
  async channels(page, take) {
    await page.getByRole("button", { name: "presence-room" }).click();
    await pause(500);
    await take("channels-members");
    await page.getByRole("complementary").getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "cache-price" }).click();
    await pause(500);
    await take("channels-kept");
  },
  async connections(page, take) {
    await page.locator("summary").first().click();
    await take("connections-channels");
  },
  async webhooks(page, take) {
    await page.getByRole("button", { name: "Add webhook" }).click();
    await takeDialog(page, take, "webhook-form");
    await page.getByRole("button", { name: "Remove all" }).click();
    await takeDialog(page, take, "webhook-question");
    await toEnd(page);
    await take("webhooks-end");
  },
  async metrics(page, take) {
    await toEnd(page);
    await take("metrics-end");
  },
  async apps(page, take) {
    await toEnd(page);
    await take("apps-end");
    await page.getByRole("button", { name: "Create app" }).click();
    await takeDialog(page, take, "app-form");
    await page.getByRole("button", { name: "Change maxConnections" }).click();
    await takeDialog(page, take, "setting-number");
    await page.getByRole("button", { name: "Change history" }).click();
    await takeDialog(page, take, "setting-list");
    await page.getByRole("button", { name: "Delete app" }).click();
    await takeDialog(page, take, "app-delete");
    await page.getByRole("combobox", { name: "App" }).selectOption("1003");
    await page.getByRole("button", { name: "Add a key" }).click();
    await takeDialog(page, take, "credentials");
    await take("apps-keys");
    await page.getByRole("combobox", { name: "App" }).selectOption("1001");
  },
};

installPackages();
build("packages/cli");
const { Sealcast } = await import("../packages/server-sdk/dist/index.js");
const scratch = mkdtempSync(join(tmpdir(), "sealcast-console-"));
const receiver = createServer((request, response) => {
  request.resume();
  response.writeHead(Math.random() < (isForDocs ? 0.03 : 0.3) ? 503 : 200).end();
}).listen(0, "127.0.0.1");
await once(receiver, "listening");
writeFileSync(join(scratch, "sealcast.json"), JSON.stringify(configuration()));
leaveDeadLetters(["orders", "presence-room"]);
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
  if (isForDocs) await takeForDocs();
  else await takeAll(folder);
} finally {
  await browser.close();
  stopTraffic();
  server.kill();
  receiver.close();
  await once(server, "close");
  rmSync(scratch, { recursive: true });
}

/** Leaves deliveries that were given up. Must end before the server starts. */
function leaveDeadLetters(names) {
  const program = join(root, "tests/browser/fixtures/leave-dead-letters.mjs");
  const url = webhookUrl(receiver.address().port);
  execFileSync(process.execPath, [program, scratch, url, JSON.stringify(names), "status 503"]);
}

function webhookUrl(receiverPort) {
  return `http://127.0.0.1:${receiverPort}/webhooks`;
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
    webhooks: [{ url: webhookUrl(receiverPort), events, batch: true }],
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
        await take(name);
        await details[name]?.(page, take);
      }
      await page.getByRole("combobox", { name: "App" }).selectOption("1002");
      for (const name of pages.filter((one) => one !== "getting-started")) {
        await show(page, name);
        await pause(500);
        await take(`${name}-empty`);
      }
      await page.close();
    }
  }
}

async function takeDialog(page, take, name, prepare = async () => undefined) {
  await page.getByRole("dialog").waitFor();
  await prepare();
  await take(name);
  await page.keyboard.press("Escape");
}

async function toEnd(page) {
  await page.locator("main").evaluate((main) => main.scrollTo(0, main.scrollHeight));
}

async function open(colorScheme, width, height) {
  const context = await browser.newContext({ colorScheme, viewport: { width, height }, reducedMotion: "reduce" });
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
    encryptionMasterKeyBase64: masterKey,
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
      userAuthentication: {
        customHandler: ({ socketId }, done) => done(null, backend.authenticateUser(socketId, { id: user })),
      },
    });
    if (user !== "fay") client.signin();
    for (const name of channels) client.subscribe(name);
    return client;
  });
  const sealing = new Sealcast({
    ...credentials,
    host: "127.0.0.1",
    port,
    useTLS: false,
    sealed: { ring: [{ key: masterKey }] },
  });
  let count = 0;
  const timer = setInterval(() => {
    count += 1;
    if (count % 3 === 0) publish(backend, "orders", "paid", { order: count });
    if (count % 4 === 0) publish(backend, "private-encrypted-orders", "paid", { order: count, total: "12.50" });
    if (count % 5 === 0) sealing.trigger("private-sealed-chat", "said", { text: "hello" }).catch(() => undefined);
    if (count % 7 === 0) publish(backend, "cache-price", "price", { now: 100 + (count % 9) });
    if (count % (isForDocs ? 67 : 11) === 0)
      fetch(`http://127.0.0.1:${port}/apps/1001/channels`).catch(() => undefined);
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
