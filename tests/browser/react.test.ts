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
import { App, type AppProps } from "./fixtures/app.ts";
import type { Stage } from "./fixtures/stage-script.ts";

/** Known in the page alone. */
declare const stage: Stage;

test("rendering on a server shows nobody and opens nothing", () => {
  const client = new Sealcast("app-key", { url: "http://127.0.0.1:6001", autoConnect: false });
  const app = createElement(App, { readers: ["first"], mark: "" });
  expect(renderToString(createElement(SealcastProvider, { client }, app))).toBe(
    '<p id="state">initialized</p><p id="room">, me: nobody</p><p id="first"></p>',
  );
  expect(client.connection.state).toBe("initialized");
  expect(client.allChannels()).toEqual([]);
});

test("a hook outside of a provider says what is missing", () => {
  expect(() => renderToString(createElement(App, { readers: [], mark: "" }))).toThrow("expected a SealcastProvider");
});

describe.skipIf(chromiumPath === undefined)("in a page, in strict mode", () => {
  let browser: Browser;
  let server: TestServer;
  let backend: AppBackend;
  let page: Page;
  /** What the page has sent about the channel of news. */
  const sent: string[] = [];
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchChromium(), startServer()]);
    const script = await bundleStage();
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

  test("hooks follow connection, members and events, and share a channel until the last has gone", async () => {
    await render({ readers: ["first", "second"], mark: "a:" });
    await shows("room", "ada, me: ada");
    await page.waitForFunction(() => stage.client?.channel("news")?.subscribed);
    await backend.pusher.trigger("news", "created", "one");
    await shows("second", "a:one");
    expect(await texts()).toEqual(["connected", "ada, me: ada", "a:one", "a:one"]);

    // The latest callback is called, and a component that leaves takes the channel from nobody.
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

  test("a component that changes its channel hears the new one alone, and leaves the old one, pending or not", async () => {
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
});

/** The script of the page, with the checks that React makes in development: strict mode mounts everything twice. */
async function bundleStage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("fixtures/stage-script.ts", import.meta.url))],
    conditions: ["@sealcast/source"],
    platform: "browser",
    format: "esm",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"development"' },
    bundle: true,
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}
