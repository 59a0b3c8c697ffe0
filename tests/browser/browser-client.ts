import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import type { CompatPage } from "./browser-page.ts";
import type { CompatAddress, CompatClient, CompatLibrary, Received } from "../libraries/compat-client.ts";

/** The official client library, its browser build with encryption, in a page that the app's backend serves. */
export function browserPusherJs(browser: () => Browser): CompatLibrary {
  return {
    name: "pusher-js in Chromium",
    pages,
    async connect(address: CompatAddress) {
      const page = await browser().newPage();
      await page.goto(address.backendUrl);
      await page.evaluate((at) => compat.connect(at), address);
      return new BrowserClient(page);
    },
  };
}

/** The page, with the official browser build in its script. */
async function pages(): Promise<Readonly<Record<string, string>>> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("browser-page.ts", import.meta.url))],
    alias: { "pusher-js": "pusher-js/with-encryption" },
    bundle: true,
    write: false,
    format: "iife",
  });
  const script = outputFiles.map(({ text }) => text).join("");
  return { "/": '<!doctype html><script src="/page.js"></script>', "/page.js": script };
}

/** Known only in the page. */
declare const compat: CompatPage;

type Method = Parameters<CompatPage["act"]>[0];

class BrowserClient implements CompatClient {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  subscribe(channel: string): Promise<"subscribed" | "refused"> {
    return this.#act("subscribe", channel);
  }

  subscribeAgain(channel: string): Promise<void> {
    return this.#act("subscribeAgain", channel);
  }

  unsubscribe(channel: string): Promise<void> {
    return this.#act("unsubscribe", channel);
  }

  trigger(channel: string, data: object): Promise<boolean> {
    return this.#act("trigger", channel, data);
  }

  next(channel: string, event: string): Promise<Received> {
    return this.#act("next", channel, event);
  }

  settled(): Promise<Received[]> {
    return this.#act("settled");
  }

  reconnected(channels: readonly string[]): Promise<void> {
    return this.#act("reconnected", channels);
  }

  close(): Promise<void> {
    return this.#page.close();
  }

  #act<T>(method: Method, ...given: readonly unknown[]): Promise<T> {
    return this.#page.evaluate(([name, values]) => compat.act(name, ...values) as Promise<T>, [method, given] as const);
  }
}
