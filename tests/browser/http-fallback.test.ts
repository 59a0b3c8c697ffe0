import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import type { Browser } from "playwright-core";
import Backend from "pusher";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { chromiumPath, launchChromium } from "../fixtures/chromium.ts";
import { credentials } from "../fixtures/credentials.ts";
import { startSite, type Site } from "./fixtures/site.ts";

/** What the page knows of pusher-js. */
declare const Pusher: new (
  key: string,
  options: object,
) => {
  readonly connection: { readonly state: string };
  subscribe(channel: string): { bind(event: string, callback: (data: unknown) => void): void };
};

interface Received {
  readonly state: string;
  readonly numbers: readonly number[];
}

let browser: Browser;
let shop: Site;
beforeAll(async () => {
  if (chromiumPath === undefined) return;
  browser = await launchChromium();
  const script = await readFile(createRequire(import.meta.url).resolve("pusher-js/dist/web/pusher.js"));
  const page = '<!doctype html><script src="/pusher.js"></script>';
  shop = await startSite(
    new Map<string, string | Buffer>([
      ["/", page],
      ["/pusher.js", script],
    ]),
  );
});
afterAll(async () => {
  if (chromiumPath === undefined) return;
  await browser.close();
  shop.close();
});

/** Opens a page of the shop whose pusher-js may use one transport. Returns what the page shows. */
async function visit(server: TestServer, transport: string, more: object = {}): Promise<() => Promise<Received>> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  await page.goto(shop.origin);
  await page.evaluate(
    ({ key, httpPort, enabled, options }) => {
      const client = new Pusher(key, {
        cluster: "mt1",
        httpHost: "127.0.0.1",
        httpPort,
        forceTLS: false,
        enableStats: false,
        ...options,
        enabledTransports: [enabled],
      });
      const numbers: number[] = [];
      const channel = client.subscribe("goods");
      channel.bind("pusher:subscription_succeeded", () => numbers.push(-1));
      channel.bind("number", (data) => numbers.push((data as { readonly index: number }).index));
      Object.assign(globalThis, { seen: () => ({ state: client.connection.state, numbers }) });
    },
    { key: credentials.key, httpPort: server.port, enabled: transport, options: more },
  );
  return () => page.evaluate(() => (globalThis as unknown as { seen(): Received }).seen());
}

async function start(allowedOrigins: readonly string[]): Promise<TestServer> {
  const apps = [testApp({ maxEventBytes: 600_000, allowedOrigins })];
  const server = await startServer({ apps, settings: { maxOutboxBytes: 4_194_304 } });
  onTestFinished(() => server.close());
  return server;
}

describe.skipIf(chromiumPath === undefined)("pusher-js in a page of another origin, without WebSocket", () => {
  test.each(["xhr_streaming", "xhr_polling"])("receives over %s", async (transport) => {
    const server = await start([shop.origin]);
    const seen = await visit(server, transport);
    await expect.poll(seen).toEqual({ state: "connected", numbers: [-1] });
    const backend = new Backend({ ...credentials, host: "127.0.0.1", port: String(server.port), useTLS: false });
    for (let index = 0; index < 40; index += 1) {
      const text = "é".repeat(index % 10 === 9 ? 150_000 : 5_000);
      await backend.trigger("goods", "number", { index, text });
    }
    const numbers = [-1, ...Array.from({ length: 40 }, (_, index) => index)];
    await expect.poll(seen, { timeout: 10_000 }).toEqual({ state: "connected", numbers });
  });

  test("does not get to a server that does not allow its origin", async () => {
    const server = await start(["https://elsewhere.example"]);
    const seen = await visit(server, "xhr_streaming", { unavailableTimeout: 1_000 });
    await expect.poll(async () => (await seen()).state, { timeout: 15_000 }).toBe("unavailable");
    expect((await seen()).numbers).toEqual([]);
  });
});
