import { randomBytes } from "node:crypto";
import type { Sealcast } from "@sealcast/client";
import { encodeBase64, sealPayload } from "@sealcast/crypto";
import { startServer, type TestServer } from "@sealcast/server-testing";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { startAppBackend, type AppBackend } from "../fixtures/app-backend.ts";
import { chromiumPath, launchChromium } from "../fixtures/chromium.ts";
import { startTcpProxy, type TcpProxy } from "../fixtures/tcp-proxy.ts";
import { startBlockingProxy } from "../fixtures/blocking-proxy.ts";
import { startFloodServer } from "./fixtures/flood-server.ts";
import type { Lib } from "./fixtures/page-script.ts";
import { bundlePages } from "./fixtures/pages.ts";

/** Known only in pages. */
declare const lib: Lib;
declare const kept: { client: Sealcast; received: unknown[]; states: string[] };

describe.skipIf(chromiumPath === undefined)("in Chromium", () => {
  let browser: Browser;
  let server: TestServer;
  let proxy: TcpProxy;
  let backend: AppBackend;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchChromium(), startServer()]);
    proxy = await startTcpProxy(server.port);
    backend = await startAppBackend(server.port, await bundlePages("page-script", "worker-script"));
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await Promise.all([proxy.close(), backend.close()]);
    await server.close();
  });

  /** A page of its own with a client on it. */
  async function open(url = `http://127.0.0.1:${proxy.port}`, user = "ada", options: object = {}): Promise<Page> {
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(backend.url);
    await page.addScriptTag({ type: "module", url: "/page-script.js" });
    await page.waitForFunction(() => "lib" in globalThis);
    await page.evaluate(
      ([address, name, more]) => {
        const channelAuthorization = { params: { user: name } };
        const client = new lib.Sealcast("app-key", { url: address, channelAuthorization, ...more });
        const states: string[] = [];
        client.connection.bind("state_change", ({ current }) => states.push(current));
        Object.assign(globalThis, { kept: { client, received: [], states } });
      },
      [url, user, options] as const,
    );
    return page;
  }

  /** Subscribes, and keeps the data of one event. */
  const subscribe = (page: Page, name: string, event = "news"): Promise<void> =>
    page.evaluate(
      async ([channelName, eventName]) => {
        const channel = kept.client.subscribe(channelName);
        channel.bind(eventName, (data, { user_id }) =>
          kept.received.push(user_id === undefined ? data : [user_id, data]),
        );
        await lib.whenSubscribed(channel);
      },
      [name, event] as const,
    );

  const received = (page: Page, wanted: readonly unknown[]): Promise<void> =>
    expect.poll(() => page.evaluate(() => kept.received), { timeout: 10_000, interval: 20 }).toEqual(wanted);

  const state = (page: Page): Promise<string> => page.evaluate(() => kept.client.connection.state);

  test("a page receives events, and loads the cipher when it first needs it", async () => {
    const page = await open();
    const loaded: string[] = [];
    page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
    await subscribe(page, "public");
    expect(loaded.filter((path) => path.endsWith(".js"))).toEqual([]);
    await subscribe(page, "private-p");
    // The authorization comes with the first private channel, the cipher with the first encrypted one.
    expect(loaded.filter((path) => path.includes("-authorization"))).toHaveLength(1);
    expect(loaded.filter((path) => path.includes("create-decryptor"))).toEqual([]);
    await subscribe(page, "private-encrypted-p");
    expect(loaded.filter((path) => path.includes("create-decryptor"))).toHaveLength(1);
    for (const channel of ["public", "private-p", "private-encrypted-p"]) {
      await backend.pusher.trigger(channel, "news", { channel, text: "é😀" });
      await received(page, [{ channel, text: "é😀" }]);
      await page.evaluate(() => kept.received.splice(0));
    }
    expect(await page.evaluate(() => Object.keys(localStorage).concat(Object.keys(sessionStorage)))).toEqual([]);
  });

  test("a worker receives events of public and encrypted channels", async () => {
    const page = await open();
    const channels = ["public", "private-encrypted-w"];
    await page.evaluate(
      ([url, auth, names]) => {
        const worker = new Worker("/worker-script.js", { type: "module" });
        worker.addEventListener("message", ({ data }) => kept.received.push(data));
        worker.postMessage({ url, auth, channels: names });
      },
      [server.url, `${backend.url}/pusher/auth`, channels] as const,
    );
    await expect.poll(() => page.evaluate(() => kept.received.length), { timeout: 10_000 }).toBe(2);
    for (const name of channels) await backend.pusher.trigger(name, "news", `for ${name}`);
    await expect
      .poll(() => page.evaluate(() => kept.received.slice(2)), { timeout: 10_000 })
      .toEqual(channels.map((name) => ({ name, news: `for ${name}` })));
  });

  test("two tabs of two users see each other come, speak and go", async () => {
    const ada = await open(undefined, "ada");
    const bob = await open(undefined, "bob");
    await subscribe(ada, "presence-tabs", "client-hi");
    await subscribe(bob, "presence-tabs", "client-hi");
    const members = (page: Page): Promise<string[]> =>
      page.evaluate(() => {
        const channel = kept.client.channel("presence-tabs") as { members?: { members: object } } | undefined;
        return Object.keys(channel?.members?.members ?? {}).toSorted();
      });
    await expect.poll(() => members(ada)).toEqual(["ada", "bob"]);
    expect(await members(bob)).toEqual(["ada", "bob"]);
    await bob.evaluate(() => kept.client.channel("presence-tabs")?.trigger("client-hi", { n: 1 }));
    await received(ada, [["bob", { n: 1 }]]);
    await bob.close();
    await expect.poll(() => members(ada)).toEqual(["ada"]);
  });

  test("a page that was offline is back as soon as the network is", async () => {
    const page = await open();
    await subscribe(page, "private-encrypted-back");
    await page.context().setOffline(true);
    proxy.cut();
    await expect.poll(() => state(page), { timeout: 10_000 }).toBe("connecting");
    // Far into the pauses, which would otherwise last for seconds.
    await page.waitForFunction(() => kept.states.length > 0);
    await page.context().setOffline(false);
    await expect.poll(() => state(page), { timeout: 10_000, interval: 20 }).toBe("connected");
    await page.waitForFunction(() => kept.client.channel("private-encrypted-back")?.subscribed);
    await backend.pusher.trigger("private-encrypted-back", "news", "again");
    await received(page, ["again"]);
  });

  test("detects a connection that broke silently, seconds after the page is shown again", async () => {
    const silent = await startServer();
    onTestFinished(() => silent.close());
    let swallow = false;
    const { createServer, connect } = await import("node:net");
    const between = createServer((near) => {
      const far = connect(silent.port, "127.0.0.1");
      near.on("data", (bytes) => void (swallow || far.write(bytes))).on("error", () => {});
      far.on("data", (bytes) => void (swallow || near.write(bytes))).on("error", () => {});
      near.on("close", () => far.destroy());
    });
    await new Promise<void>((resolve) => between.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void between.close());
    const { port } = between.address() as { port: number };
    const page = await open(`http://127.0.0.1:${port}`);
    await page.waitForFunction(() => kept.client.connection.state === "connected");
    swallow = true;
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await expect.poll(() => state(page), { timeout: 8_000 }).toBe("connecting");
  });

  test("a slow network is slow, and nothing else", async () => {
    const page = await open();
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: 400,
      downloadThroughput: 20_000,
      uploadThroughput: 10_000,
    });
    await subscribe(page, "private-encrypted-slow");
    await backend.pusher.trigger("private-encrypted-slow", "news", "x".repeat(5_000));
    await received(page, ["x".repeat(5_000)]);
  });

  // Which transport is tried when is decided in transport-plan.ts, and tested over sockets in client-fallback.test.ts.
  test.each([
    ["streaming, if the network refuses WebSocket", {}, ["websocket", "xhr_streaming", "xhr_send"]],
    ["polling", { enabledTransports: ["xhr_polling"] }, ["xhr", "xhr_send"]],
  ])("a page receives events over %s", async (_, options, used) => {
    const blocked = await startBlockingProxy(server.port, "refuses WebSocket");
    onTestFinished(() => blocked.close());
    const page = await open(`http://127.0.0.1:${blocked.port}`, "ada", options);
    await subscribe(page, "private-encrypted-blocked");
    await backend.pusher.trigger("private-encrypted-blocked", "news", { n: 1 });
    await received(page, [{ n: 1 }]);
    expect(blocked.asked).toEqual(expect.arrayContaining(used));
  });

  test.each([
    ["plain", "public-flood"],
    ["encrypted", "private-encrypted-flood"],
  ])(
    "memory stays flat over 40,000 %s events",
    async (kind, name) => {
      const flood = await startFloodServer();
      onTestFinished(() => flood.close());
      const secret = new Uint8Array(randomBytes(32));
      const text = JSON.stringify({ text: "x".repeat(100) });
      const data = kind === "plain" ? text : sealPayload(secret, new Uint8Array(randomBytes(24)), text);
      const page = await open(server.url);
      await page.evaluate(
        async ([url, channelName, shared_secret]) => {
          kept.client.disconnect();
          kept.client = new lib.Sealcast("app-key", {
            url,
            channelAuthorization: { customHandler: async () => ({ auth: "a", shared_secret }) },
          });
          const channel = kept.client.subscribe(channelName);
          const count = { events: 0 };
          Object.assign(globalThis, { count });
          channel.bind("e", () => (count.events += 1));
          await lib.whenSubscribed(channel);
        },
        [flood.url, name, encodeBase64(secret)] as const,
      );
      const session = await page.context().newCDPSession(page);
      const bytesAfter = async (events: number, sent: number): Promise<number> => {
        await flood.flood(name, data, sent);
        await page.waitForFunction(
          (wanted) => (globalThis as unknown as { count: { events: number } }).count.events >= wanted,
          events,
          {
            timeout: 50_000,
          },
        );
        await session.send("HeapProfiler.collectGarbage");
        const { usedSize } = await session.send("Runtime.getHeapUsage");
        return usedSize;
      };
      const early = await bytesAfter(10_000, 10_000);
      const late = await bytesAfter(50_000, 40_000);
      // Less than three bytes for each event.
      expect(late - early).toBeLessThan(100_000);
    },
    90_000,
  );

  test("JSONP authorizes where the page asks for it, and never hands out keys", async () => {
    const page = await open();
    await page.route("**/jsonp?**", async (route) => {
      const query = new URL(route.request().url()).searchParams;
      const socketId = query.get("socket_id") ?? "";
      const channel = query.get("channel_name");
      const answer =
        channel === null
          ? backend.pusher.authenticateUser(socketId, { id: "ada" })
          : backend.pusher.authorizeChannel(socketId, channel);
      const script = `${query.get("callback")}(${JSON.stringify(answer)});`;
      if (query.get("p") === "missing") await route.fulfill({ status: 404 });
      else await route.fulfill({ contentType: "text/javascript", body: script });
    });
    const outcome = await page.evaluate(async (address) => {
      const { hostname, port } = new URL(address);
      const { Pusher } = lib;
      Object.assign(globalThis, { Pusher });
      const results: unknown[] = [];
      for (const [name, p] of [
        ["private-j", "1"],
        ["private-missing", "missing"],
        ["private-encrypted-j", "1"],
      ] as const) {
        const pusher = new Pusher("app-key", {
          cluster: "own",
          wsHost: hostname,
          wsPort: Number(port),
          forceTLS: false,
          channelAuthorization: { endpoint: "/jsonp", transport: "jsonp", params: { p } },
          userAuthentication: { endpoint: "/jsonp", transport: "jsonp" },
        });
        const channel = pusher.subscribe(name);
        results.push(
          await new Promise((resolve) => {
            channel.bind("pusher:subscription_succeeded", () => resolve("subscribed"));
            channel.bind("pusher:subscription_error", ({ error }: { error: string }) => resolve(error));
          }),
        );
        if (p === "1" && name === "private-j") {
          pusher.signin();
          await pusher.user.signinDonePromise;
          const { id } = pusher.user.user_data as { readonly id: string };
          results.push(id);
        }
        pusher.disconnect();
      }
      return [...results, Object.keys(Pusher.auth_callbacks), document.scripts.length];
    }, server.url);
    expect(outcome).toEqual([
      "subscribed",
      "ada",
      "Cannot load the script of /jsonp",
      "Cannot authorize encrypted channels with JSONP: other pages could read their keys",
      [],
      1,
    ]);
  });

  test("Pusher.Runtime.createXHR is used where an application replaces it", async () => {
    const page = await open();
    const outcome = await page.evaluate(async (address) => {
      const { hostname, port } = new URL(address);
      const { Pusher } = lib;
      let made = 0;
      Pusher.Runtime.createXHR = () => {
        made += 1;
        return Object.assign(new XMLHttpRequest(), { withCredentials: true });
      };
      const pusher = new Pusher("app-key", { cluster: "own", wsHost: hostname, wsPort: Number(port), forceTLS: false });
      const channel = pusher.subscribe("private-x");
      await new Promise((resolve) => channel.bind("pusher:subscription_succeeded", resolve));
      pusher.disconnect();
      return made;
    }, server.url);
    expect(outcome).toBe(1);
  });

  test("an endpoint is asked without fetch, which Jest with jsdom does not have", async () => {
    const page = await open();
    const outcome = await page.evaluate(async (url) => {
      Object.assign(globalThis, { fetch: undefined });
      const { hostname, port } = new URL(url);
      const { Pusher, Sealcast, whenSignedIn, whenSubscribed } = lib;
      const client = new Sealcast("app-key", { url, userAuthentication: { params: { user: "ada" } } });
      await whenSubscribed(client.subscribe("private-x"));
      client.signin();
      const { id } = await whenSignedIn(client);
      client.disconnect();
      const pusher = new Pusher("app-key", { cluster: "own", wsHost: hostname, wsPort: Number(port), forceTLS: false });
      const channel = pusher.subscribe("private-y");
      await new Promise((resolve) => channel.bind("pusher:subscription_succeeded", resolve));
      pusher.disconnect();
      return id;
    }, server.url);
    expect(outcome).toBe("ada");
  });
});
