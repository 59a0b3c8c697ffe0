// Takes the pictures of the console for the docs, from a real server with official clients: node scripts/console-screenshots.mjs [FOLDER]
// With a folder, it takes every page, light and dark, wide and phone; without, the three pictures of the docs.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { chromium } from "playwright-core";
import { build, installPackages, root } from "./prepare.mjs";

const require = createRequire(import.meta.url);
const Pusher = require("pusher");
const PusherJs = require("pusher-js");
const [folder] = process.argv.slice(2);
const pages = ["overview", "log", "channels", "connections", "getting-started"];

installPackages();
build("packages/cli");
const server = spawn(process.execPath, [join(root, "packages/cli/bin/sealcast.js"), "start", "--port", "0"], {
  stdio: ["ignore", "ignore", "pipe"],
});
const [line] = await once(server.stderr, "data");
const { port } = JSON.parse(line.toString().split("\n")[0]);
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
}

async function takeForDocs() {
  const page = await open("light", 1_200, 720);
  await show(page, "overview");
  await pause(20_000);
  await page.screenshot({ path: join(root, "docs/console-overview.png") });
  await show(page, "log");
  await selectEncrypted(page);
  await page.screenshot({ path: join(root, "docs/console-log.png") });
  const dark = await open("dark", 1_200, 720);
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
      for (const name of pages) {
        await show(page, name);
        await pause(3_000);
        if (name === "log") await selectEncrypted(page);
        await page.screenshot({ path: join(target, `${name}-${scheme}-${width}.png`) });
      }
      await page.close();
    }
  }
}

async function open(colorScheme, width, height) {
  const context = await browser.newContext({ colorScheme, viewport: { width, height } });
  return context.newPage();
}

async function show(page, name) {
  await page.goto(`http://127.0.0.1:${port}/console#/${name}`);
  await page.getByText("Live", { exact: true }).waitFor();
}

async function selectEncrypted(page) {
  const row = page
    .locator(".log-row")
    .filter({ hasText: "private-encrypted-orders" })
    .filter({ hasText: "API message" });
  await row.first().waitFor();
  await pause(3_000);
  await row.first().click();
}

/** Six official clients, and events for them. Returns what ends them. */
function startTraffic() {
  const backend = new Pusher({
    appId: "1001",
    key: "app-key",
    secret: "app-secret",
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
  let count = 0;
  const timer = setInterval(() => {
    count += 1;
    if (count % 3 === 0) publish(backend, "orders", "paid", { order: count });
    if (count % 4 === 0) publish(backend, "private-encrypted-orders", "paid", { order: count, total: "12.50" });
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
