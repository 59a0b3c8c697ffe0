import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import type { AppId } from "@sealcast/protocol";
import Pusher from "pusher";
import type { Browser, CDPSession, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { chromiumPath, launchChromium } from "../fixtures/chromium.ts";
import { credentials } from "../fixtures/credentials.ts";
import { consoleFiles, openConsole } from "./fixtures/console-page.ts";

/** `npm run soak` runs for minutes. */
const seconds = Number(process.env["SOAK_CONSOLE_SECONDS"] ?? 3);
const eventsPerBatch = 10;
/** A tab that keeps 10,000 entries needs about 15 MB; growth beyond that would go on and on. */
const mostGrowthBytes = 30_000_000;

describe.skipIf(chromiumPath === undefined)("a log of 1,000 lines a second", () => {
  let browser: Browser;
  let server: TestServer;
  let page: Page;
  let session: CDPSession;
  beforeAll(async () => {
    browser = await launchChromium();
  }, 60_000);
  afterAll(() => browser.close());
  beforeEach(async () => {
    server = await startServer({
      apps: [testApp({ id: "1001" as AppId })],
      ports: { consoleFiles },
    });
    page = await browser.newPage();
    session = await page.context().newCDPSession(page);
    await openConsole(page, server, "log?types=api-message");
  }, 60_000);
  afterEach(async () => {
    await page.close();
    await server.close();
  });

  test(
    "every event is shown or counted as left out, the tab does not grow, and it goes on to work",
    async () => {
      const before = await heapBytes(session);
      const published = await publish(server, seconds * 100, 10);
      await expect
        .poll(() => shownOrLeftOut(page), { timeout: 60_000 })
        .toBeGreaterThanOrEqual(Math.min(published, 10_000));
      // The page keeps 10,000 entries and up to a tenth more.
      expect(await shownOrLeftOut(page)).toBeLessThanOrEqual(Math.max(published, 11_000));
      expect((await heapBytes(session)) - before).toBeLessThan(mostGrowthBytes);
      // Only rows in view are in the page, however many entries there are.
      expect(await page.locator(".log-row").count()).toBeLessThan(100);
      await page.getByRole("searchbox", { name: "Filter the log" }).fill(`event:number-${published - 1}`);
      await expect.poll(() => page.locator(".log-row").count()).toBeGreaterThanOrEqual(1);
      await page.getByRole("button", { name: "Clear" }).click();
      await page.getByText("No entry matches the filter").waitFor();
    },
    seconds * 4_000 + 90_000,
  );

  test("at a lower speed, it says how many it left out", async () => {
    await page.getByRole("slider", { name: "Speed" }).fill("1");
    const published = await publish(server, 600, 0);
    await page.getByText(/left out, because there were too many to show/).waitFor();
    expect(await shownOrLeftOut(page)).toBeLessThanOrEqual(published);
  }, 90_000);
});

/**
 * Publishes events with the numbers from 0 on, and returns how many.
 *
 * @param everyMs time from one batch to the next, on a machine that is fast enough.
 */
async function publish({ port }: TestServer, batches: number, everyMs: number): Promise<number> {
  const backend = new Pusher({ ...credentials, host: "127.0.0.1", port: String(port), useTLS: false });
  let published = 0;
  for (let batch = 0; batch < batches; batch += 1) {
    const due = new Promise((resolve) => setTimeout(resolve, everyMs));
    const events = Array.from({ length: eventsPerBatch }, (_, index) => {
      return { channel: `orders-${index}`, name: `number-${published + index}`, data: '{"total":12}' };
    });
    await backend.triggerBatch(events);
    published += eventsPerBatch;
    await due;
  }
  return published;
}

/** Entries in the summary above the log, and those that it says were left out. */
async function shownOrLeftOut(page: Page): Promise<number> {
  const text = (await page.locator(".summary").textContent()) ?? "";
  const numbers = text.replaceAll(",", "").match(/\d+/g) ?? [];
  return numbers.reduce((sum, number) => sum + Number(number), 0);
}

async function heapBytes(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  return (await session.send("Runtime.getHeapUsage")).usedSize;
}
