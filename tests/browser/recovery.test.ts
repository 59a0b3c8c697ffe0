import { startServer, testApp } from "@sealcast/server-testing";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startBreakableLink } from "../cluster/fixtures/breakable-link.ts";
import { startAppBackend } from "../fixtures/app-backend.ts";
import { chromiumPath, launchChromium } from "../fixtures/chromium.ts";
import type { RecoveryPage, Seen } from "./recovery-page.ts";

/** Known only in the page. */
declare const recovery: RecoveryPage;

const channels = ["orders", "private-encrypted-orders"];
const eventsPerCut = 50;
const cuts = 2;

let browser: Browser;
beforeAll(async () => {
  if (chromiumPath !== undefined) browser = await launchChromium();
});
afterAll(async () => {
  if (chromiumPath !== undefined) await browser.close();
});

test.skipIf(chromiumPath === undefined)(
  "[REC2] the browser build of pusher-js gets what it misses while its network is cut, once and in order",
  { timeout: 60_000 },
  async () => {
    const server = await startServer({ apps: [testApp({ history: [{ prefix: "", size: 1_000, ttlSeconds: 60 }] })] });
    const network = await startBreakableLink(server.port);
    const backend = await startAppBackend(server.port, await pages());
    const page = await browser.newPage();
    onTestFinished(async () => {
      await page.close();
      await backend.close();
      await network.close();
      await server.close();
    });
    await page.goto(backend.url);
    await page.evaluate(([port, names]) => recovery.start(port, names), [network.port, channels] as const);
    const seen = (): Promise<Readonly<Record<string, Seen>>> => page.evaluate(() => recovery.seen);
    const outcomes = ["subscribed"];
    let published = 0;
    const publish = async (): Promise<void> => {
      for (let count = 0; count < eventsPerCut; count += 1) {
        for (const channel of channels) await backend.pusher.trigger(channel, "paid", { number: published });
        published += 1;
      }
    };
    const expectAll = async (): Promise<void> => {
      const numbers = Array.from({ length: published }, (_, number) => number);
      await expect
        .poll(seen, { timeout: 20_000 })
        .toEqual(Object.fromEntries(channels.map((channel) => [channel, { numbers, outcomes }])));
    };
    await expectAll();
    await publish();
    await expectAll();
    for (let cut = 0; cut < cuts; cut += 1) {
      network.cut();
      await publish();
      network.mend();
      outcomes.push("subscribed", "pusher:recovered");
      await expectAll();
      await publish();
      await expectAll();
    }
  },
);

/** The page, with the official browser build with encryption in its script. */
async function pages(): Promise<Readonly<Record<string, string>>> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("recovery-page.ts", import.meta.url))],
    alias: { "pusher-js": "pusher-js/with-encryption" },
    conditions: ["@sealcast/source"],
    bundle: true,
    write: false,
    format: "iife",
  });
  const script = outputFiles.map(({ text }) => text).join("");
  return { "/": '<!doctype html><script src="/page.js"></script>', "/page.js": script };
}
