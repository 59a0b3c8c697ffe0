import { readFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { createRequire } from "node:module";
import { channelAuth, startServer, testApp, type TestServer } from "@sealcast/server-testing";
import type { Browser, Page } from "playwright-core";
import Backend from "pusher";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { startBlockingProxy } from "../fixtures/blocking-proxy.ts";
import { chromiumPath, launchChromium } from "../fixtures/chromium.ts";
import { credentials } from "../fixtures/credentials.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { startSite, type Site } from "./fixtures/site.ts";

/** What the page knows of pusher-js and of sockjs-client. */
declare const Pusher: new (
  key: string,
  options: object,
) => {
  readonly connection: { readonly state: string; bind(event: string, callback: (data: unknown) => void): void };
  subscribe(channel: string): {
    bind(event: string, callback: (data: unknown) => void): void;
    trigger(event: string, data: unknown): void;
  };
};
declare let SockJS: new (url: string, protocols: null, options: object) => { readonly transport: string | null };

interface Seen {
  readonly state: string;
  /** Times that the page has subscribed. */
  readonly subscriptions: number;
  readonly numbers: readonly number[];
  readonly errors: readonly unknown[];
  /** The transports of SockJS that its connections have, or had last. */
  readonly transports: readonly string[];
}

/** Where pusher-js loads SockJS from if the page has none. */
const cdn = "http://js.pusher.com/**";
const channelName = "private-goods";
const require = createRequire(import.meta.url);

let browser: Browser;
let sockJs: Buffer;
let shop: Site;
beforeAll(async () => {
  if (chromiumPath === undefined) return;
  browser = await launchChromium();
  sockJs = await readFile(require.resolve("sockjs-client/dist/sockjs.min.js"));
  const pusherJs = await readFile(require.resolve("pusher-js/dist/web/pusher.js"));
  const files = new Map<string, string | Buffer>([
    ["/", '<!doctype html><script src="/pusher.js"></script>'],
    ["/with-sockjs", '<!doctype html><script src="/sockjs.js"></script><script src="/pusher.js"></script>'],
    ["/pusher.js", pusherJs],
    ["/sockjs.js", sockJs],
  ]);
  shop = await startSite(files, grant);
});
afterAll(async () => {
  if (chromiumPath === undefined) return;
  await browser.close();
  shop.close();
});

/** The answer of the shop's backend to a page that wants to subscribe. */
async function grant(request: IncomingMessage): Promise<string> {
  const form = new URLSearchParams(Buffer.concat((await request.toArray()) as Buffer[]).toString());
  return JSON.stringify({ auth: channelAuth(form.get("socket_id") ?? "", form.get("channel_name") ?? "") });
}

async function start(allowedOrigins: readonly string[], port = 0): Promise<TestServer> {
  const server = await startServer({
    apps: [testApp({ allowedOrigins, clientEventsPerSecond: 1_000 })],
    settings: { port },
  });
  onTestFinished(() => server.close());
  return server;
}

async function open(path: string): Promise<Page> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  // Nothing outside of this machine is asked.
  await page.route(cdn, (route) => route.fulfill({ body: sockJs, contentType: "text/javascript" }));
  await page.goto(`${shop.origin}${path}`);
  return page;
}

/** Makes SockJS try only these of its transports, and lists those that it uses. */
function limitSockJs(page: Page, transports: readonly string[]): Promise<void> {
  return page.evaluate((only) => {
    const sockets: { readonly transport: string | null }[] = [];
    const Real = SockJS;
    SockJS = class extends Real {
      constructor(url: string, protocols: null, options: object) {
        super(url, protocols, { ...options, transports: only });
        sockets.push(this);
      }
    };
    Object.assign(globalThis, { transports: () => sockets.flatMap(({ transport }) => transport ?? []) });
  }, transports);
}

/** Connects and subscribes. Returns what the page shows. */
async function connect(
  page: Page,
  port: number,
  options: object = {},
  key: string = credentials.key,
): Promise<() => Promise<Seen>> {
  await page.evaluate(
    ({ appKey, httpPort, more, channel: name }) => {
      const client = new Pusher(appKey, {
        cluster: "mt1",
        httpHost: "127.0.0.1",
        httpPort,
        forceTLS: false,
        enableStats: false,
        enabledTransports: ["sockjs"],
        channelAuthorization: { endpoint: "/pusher/auth", transport: "ajax" },
        ...more,
      });
      const numbers: number[] = [];
      const errors: unknown[] = [];
      let subscriptions = 0;
      client.connection.bind("error", (error) => errors.push(error));
      const channel = client.subscribe(name);
      channel.bind("pusher:subscription_succeeded", () => (subscriptions += 1));
      channel.bind("number", (data) => numbers.push((data as { readonly index: number }).index));
      Object.assign(globalThis, {
        seen: () => {
          const { transports } = globalThis as { readonly transports?: () => readonly string[] };
          const { state } = client.connection;
          return { state, subscriptions, numbers, errors, transports: transports?.() ?? [] };
        },
        say: (text: string) => channel.trigger("client-said", { text }),
      });
    },
    { appKey: key, httpPort: port, more: options, channel: channelName },
  );
  return () => page.evaluate(() => (globalThis as unknown as { seen(): Seen }).seen());
}

function backendOf(server: TestServer): Backend {
  return new Backend({ ...credentials, host: "127.0.0.1", port: String(server.port), useTLS: false });
}

/** Publishes events with these numbers, in order. */
async function publish(server: TestServer, numbers: readonly number[]): Promise<void> {
  const backend = backendOf(server);
  for (let first = 0; first < numbers.length; first += 10) {
    const batch = numbers.slice(first, first + 10);
    await backend.triggerBatch(
      batch.map((index) => ({ channel: channelName, name: "number", data: { index, text: "é😀\u2028".repeat(50) } })),
    );
  }
}

describe.skipIf(chromiumPath === undefined)("pusher-js over SockJS, in a page of another origin", () => {
  test.each(["websocket", "xhr-streaming", "xhr-polling"])(
    "[FALL8] %s: subscribes, sends client events, gets 1,000 events in order, and comes back after a restart",
    async (transport) => {
      const server = await start([shop.origin]);
      const page = await open("/with-sockjs");
      await limitSockJs(page, [transport]);
      const seen = await connect(page, server.port);
      await expect.poll(seen).toMatchObject({ state: "connected", subscriptions: 1, transports: [transport] });

      const other = await RawClient.connect(server.port, { origin: shop.origin });
      await other.subscribe(channelName);
      await page.evaluate(() => (globalThis as unknown as { say(text: string): void }).say("é😀"));
      expect((await other.next("client-said")).data).toBe('{"text":"é😀"}');
      await other.close();

      const numbers = Array.from({ length: 1_000 }, (_, index) => index);
      await publish(server, numbers);
      await expect.poll(async () => (await seen()).numbers, { timeout: 20_000 }).toEqual(numbers);

      await server.close();
      await expect.poll(async () => (await seen()).state).not.toBe("connected");
      const again = await start([shop.origin], server.port);
      await expect.poll(seen, { timeout: 30_000 }).toMatchObject({ state: "connected", subscriptions: 2 });
      await publish(again, [1_000]);
      await expect.poll(async () => (await seen()).numbers).toEqual([...numbers, 1_000]);
    },
    60_000,
  );

  test.each([
    {
      enabled: ["sockjs"],
      blocking: "refuses WebSocket and streaming",
      asked: ["info", "websocket", "xhr_streaming", "iframe.html", "xhr"],
    },
    {
      enabled: ["ws", "sockjs"],
      blocking: "refuses WebSocket",
      asked: ["websocket", "info", "xhr_streaming"],
    },
  ] as const)(
    "[FALL8] $enabled: pusher-js loads SockJS itself, which finds what passes a network that $blocking",
    async ({ enabled, blocking, asked }) => {
      const server = await start([shop.origin]);
      const proxy = await startBlockingProxy(server.port, blocking);
      onTestFinished(() => proxy.close());
      const page = await open("/");
      const more = { wsHost: "127.0.0.1", wsPort: proxy.port, enabledTransports: enabled };
      const seen = await connect(page, proxy.port, more);
      await expect.poll(seen, { timeout: 40_000 }).toMatchObject({ state: "connected", subscriptions: 1 });
      // On a busy machine, some are asked for again. The server does not have `eventsource`, which the browser may give up
      // before it has asked for it.
      const different = new Set(proxy.asked.filter((what) => what !== "eventsource"));
      expect([...different].slice(0, asked.length)).toEqual(asked);
      await publish(server, [1, 2, 3]);
      await expect.poll(async () => (await seen()).numbers).toEqual([1, 2, 3]);
    },
    60_000,
  );

  test.each([
    { what: "for an unknown key", key: "other-key", origins: [] as readonly string[], code: 4001 },
    { what: "from a foreign origin", key: credentials.key, origins: ["https://elsewhere.example"], code: 4009 },
  ])("[FALL8] a connection $what is closed with $code", async ({ key, origins, code }) => {
    const server = await start(origins);
    const page = await open("/with-sockjs");
    const seen = await connect(page, server.port, {}, key);
    await expect.poll(async () => (await seen()).errors).toMatchObject([{ error: { data: { code } } }]);
    expect((await seen()).state).toBe("disconnected");
  });
});
