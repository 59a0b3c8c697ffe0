import { fileURLToPath } from "node:url";
import { Sealcast, whenSubscribed } from "@sealcast/client";
import { SealcastProvider } from "@sealcast/react";
import { startServer, type TestServer } from "@sealcast/server-testing";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startAppBackend, type AppBackend } from "../fixtures/app-backend.ts";
import { chromiumPath, launchChromium } from "../fixtures/chromium.ts";
import { App } from "./fixtures/stages/react-app.ts";
import type { AppProps, Stage } from "./fixtures/stages/stage.ts";
import { svelteComponents } from "./fixtures/stages/svelte-components.ts";

/** Known only in the page. */
declare const stage: Stage;

test("rendering React on a server shows nobody and opens nothing", () => {
  const client = new Sealcast("app-key", { url: "http://127.0.0.1:6001", autoConnect: false });
  const app = createElement(App, { readers: ["first"], mark: "" });
  expect(renderToString(createElement(SealcastProvider, { client }, app))).toBe(
    '<p id="state">initialized</p><p id="room">, me: nobody</p><p id="first"></p>',
  );
  expect(client.connection.state).toBe("initialized");
  expect(client.allChannels()).toEqual([]);
});

test("a hook of React outside of a provider says what is missing", () => {
  expect(() => renderToString(createElement(App, { readers: [], mark: "" }))).toThrow("expected a SealcastProvider");
});

describe.skipIf(chromiumPath === undefined).each(["react", "vue", "svelte"])(
  "in a page, the adapter for %s",
  (framework) => {
    let browser: Browser;
    let server: TestServer;
    let backend: AppBackend;
    let page: Page;
    /** What the page has sent about the channel of news. */
    const sent: string[] = [];
    beforeAll(async () => {
      [browser, server] = await Promise.all([launchChromium(), startServer()]);
      const script = await bundleStage(framework);
      const html = '<!doctype html><body></body><script type="module" src="/stage.js"></script>';
      backend = await startAppBackend(server.port, { "/": html, "/stage.js": script });
      page = await browser.newPage();
      page.on("websocket", (socket) =>
        socket.on("framesent", ({ payload }) => {
          const event = /pusher:\w+subscribe|pusher:subscribe/.exec(String(payload))?.[0];
          if (event !== undefined && String(payload).includes('"news"')) sent.push(event);
        }),
      );
      await page.goto(backend.url);
      await page.waitForFunction(() => "stage" in globalThis);
    }, 60_000);
    afterAll(async () => {
      await browser.close();
      await backend.close();
      await server.close();
    });

    const render = (props: AppProps): Promise<void> =>
      page.evaluate(([url, shown]) => stage.render(url, shown), [`http://127.0.0.1:${server.port}`, props] as const);
    const shows = (id: string, text: string): Promise<unknown> =>
      page.waitForFunction(([name, wanted]) => document.querySelector(`#${name}`)?.textContent === wanted, [
        id,
        text,
      ] as const);
    const texts = (): Promise<string[]> => page.locator("p").allTextContents();

    test("follows connection, members and events, and shares a channel until the last has gone", async () => {
      await render({ readers: ["first", "second"], mark: "a:" });
      await shows("room", "ada, me: ada");
      await page.waitForFunction(() => stage.client?.channel("news")?.subscribed);
      await backend.pusher.trigger("news", "created", "one");
      await shows("second", "a:one");
      expect(await texts()).toEqual(["connected", "ada, me: ada", "a:one", "a:one"]);

      // A component that stays receives events with its new properties. A component that unmounts does not unsubscribe others.
      await render({ readers: ["second"], mark: "b:" });
      await backend.pusher.trigger("news", "created", "two");
      await shows("second", "a:one b:two");
      expect(sent).toEqual(["pusher:subscribe"]);

      const bob = new Sealcast("app-key", {
        url: `http://127.0.0.1:${server.port}`,
        channelAuthorization: { endpoint: `${backend.url}/pusher/auth`, params: { user: "bob" } },
      });
      await whenSubscribed(bob.subscribe("presence-room"));
      await shows("room", "ada bob, me: ada");
      bob.disconnect();
      await shows("room", "ada, me: ada");

      await render({ readers: [], mark: "" });
      await page.waitForFunction(() => stage.client?.channel("news") === undefined);
      await expect.poll(() => sent).toEqual(["pusher:subscribe", "pusher:unsubscribe"]);

      await page.evaluate(() => stage.client?.disconnect());
      await shows("state", "disconnected");
      expect(await texts()).toEqual(["disconnected", ", me: nobody"]);
    });

    test("a component that changes its channel receives only events of the new one, and unsubscribes the old one, pending or not", async () => {
      await page.evaluate(() => stage.client?.connect());
      await render({ readers: ["third"], mark: "", channel: "old" });
      // Left before it is subscribed.
      await render({ readers: ["third"], mark: "", channel: "private-pending" });
      await render({ readers: ["third"], mark: "", channel: null });
      await render({ readers: ["third"], mark: "", channel: "new" });
      await page.waitForFunction(() => stage.client?.channel("new")?.subscribed);
      await page.waitForFunction(() => stage.client?.allChannels().length === 2);
      expect(await page.evaluate(() => stage.client?.allChannels().map(({ name }) => name))).toEqual([
        "presence-room",
        "new",
      ]);
      await backend.pusher.trigger(["old", "private-pending"], "created", "old");
      await backend.pusher.trigger("new", "created", "new");
      await shows("third", "new");
      await render({ readers: [], mark: "" });
      await page.waitForFunction(() => stage.client?.channel("new") === undefined);
    });

    test("a component that mounts later on a cache channel receives the last event, once", async () => {
      await backend.pusher.trigger("cache-price", "changed", 7);
      await render({ readers: [], mark: "", prices: ["one"] });
      await shows("one", "7");
      await render({ readers: [], mark: "", prices: ["one", "two"] });
      await shows("two", "7");
      await backend.pusher.trigger("cache-price", "changed", 8);
      await shows("one", "7 8");
      await shows("two", "7 8");
      expect((await texts()).slice(2)).toEqual(["7 8", "7 8"]);
    });

    test("a channel that other code leaves comes back", async () => {
      await render({ readers: ["fourth"], mark: "" });
      await page.waitForFunction(() => stage.client?.channel("news")?.subscribed);
      await page.evaluate(() => stage.client?.unsubscribe("news"));
      await page.waitForFunction(() => stage.client?.channel("news")?.subscribed);
      await backend.pusher.trigger("news", "created", "again");
      await shows("fourth", "again");
      expect(sent.slice(-2)).toEqual(["pusher:unsubscribe", "pusher:subscribe"]);
    });

    test("shows the user, why a subscription failed, and sends client events", async () => {
      await render({ readers: [], mark: "", account: true });
      await shows("refused", "failed refused");
      await shows("user", "nobody");
      await page.evaluate(() => stage.client?.signin());
      await shows("user", "ada");
      const other = new Sealcast("app-key", {
        url: `http://127.0.0.1:${server.port}`,
        channelAuthorization: { endpoint: `${backend.url}/pusher/auth` },
      });
      const channel = await whenSubscribed(other.subscribe("private-chat"));
      const said = new Promise((resolve) => channel.bind("client-hi", resolve));
      await page.waitForFunction(() => stage.client?.channel("private-chat")?.subscribed);
      await page.click("#send");
      expect(await said).toEqual({});
      other.disconnect();
    });
  },
);

/** The script of the page, with the checks that React makes in development: strict mode mounts everything twice. */
async function bundleStage(framework: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`fixtures/stages/${framework}-script.ts`, import.meta.url))],
    conditions: ["@sealcast/source", "svelte", "browser", "development"],
    plugins: [svelteComponents],
    platform: "browser",
    format: "esm",
    jsx: "automatic",
    define: {
      "process.env.NODE_ENV": '"development"',
      __VUE_OPTIONS_API__: "true",
      __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
    },
    bundle: true,
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}
