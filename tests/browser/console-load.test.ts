import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import type { AppId } from "@sealcast/protocol";
import Pusher from "pusher";
import type { Browser, CDPSession, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { chromiumPath, launchChromium } from "../fixtures/chromium.ts";
import { credentials } from "../fixtures/credentials.ts";
import { consoleFiles, openConsole } from "./fixtures/console-page.ts";

/** `npm run soak` runs for minutes, and prints what it measures. */
const soakSeconds = process.env["SOAK_CONSOLE_SECONDS"];
const seconds = Number(soakSeconds ?? 15);
/** Until the page has more entries than it keeps. */
const secondsToFill = 11.5;
const eventsPerBatch = 10;
/** What 10,000 entries may take. */
const maxBytes = 30_000_000;
/** How much a tab that has all entries it keeps may grow while thousands more arrive. */
const maxGrowthBytes = 3_000_000;

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
      await startFrames(page);
      const first = await publish(server, secondsToFill * 100, 10, 0);
      await expect.poll(() => shownOrLeftOut(page), { timeout: 60_000 }).toBeGreaterThanOrEqual(10_000);
      const full = await heapBytes(session);
      expect(full - before).toBeLessThan(maxBytes);

      const published = first + (await publish(server, (seconds - secondsToFill) * 100, 10, first));
      const filter = page.getByRole("searchbox", { name: "Filter the log" });
      await filter.fill(`event:number-${published - 1}`);
      await expect.poll(() => page.locator(".log-row").count(), { timeout: 60_000 }).toBeGreaterThanOrEqual(1);
      await filter.fill("");
      // The page keeps 10,000 entries and up to a tenth more, and counts what it has left out.
      expect(await shownOrLeftOut(page)).toBeLessThanOrEqual(Math.max(published, 11_000));
      const end = await heapBytes(session);
      if (soakSeconds !== undefined) {
        const frames = `longest time without a frame ${await longestFrameMs(page)} ms`;
        console.log(`${published} entries; heap ${before}, full ${full}, at the end ${end} bytes; ${frames}`);
      }
      expect(end - full).toBeLessThan(maxGrowthBytes);
      // Only rows in view are in the page, however many entries there are.
      expect(await page.locator(".log-row").count()).toBeLessThan(100);
      await page.getByRole("button", { name: "Clear" }).click();
      await page.getByText("Waiting for something to happen").waitFor();
    },
    seconds * 4_000 + 90_000,
  );

  test("at a lower speed, it says how many it left out", async () => {
    await page.getByRole("slider", { name: "Speed" }).fill("1");
    const published = await publish(server, 600, 0, 0);
    await page.getByText(/left out, because there were too many to show/).waitFor();
    expect(await shownOrLeftOut(page)).toBeLessThanOrEqual(published);
  }, 90_000);
});

/**
 * Publishes events with the numbers from `first` on, and returns how many.
 *
 * @param everyMs time from one batch to the next, on a machine that is fast enough.
 */
async function publish({ port }: TestServer, batches: number, everyMs: number, first: number): Promise<number> {
  const backend = new Pusher({ ...credentials, host: "127.0.0.1", port: String(port), useTLS: false });
  let published = 0;
  for (let batch = 0; batch < batches; batch += 1) {
    const due = new Promise((resolve) => setTimeout(resolve, everyMs));
    const events = Array.from({ length: eventsPerBatch }, (_, index) => {
      return { channel: `orders-${index}`, name: `number-${first + published + index}`, data: '{"total":12}' };
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

interface FrameWindow {
  longestFrameMs: number;
}

/** Begins to measure how long the page goes without drawing a frame. */
function startFrames(page: Page): Promise<void> {
  return page.evaluate(() => {
    const shared = globalThis as unknown as FrameWindow;
    shared.longestFrameMs = 0;
    let last = performance.now();
    const draw = (now: number): void => {
      shared.longestFrameMs = Math.max(shared.longestFrameMs, now - last);
      last = now;
      requestAnimationFrame(draw);
    };
    requestAnimationFrame(draw);
  });
}

async function longestFrameMs(page: Page): Promise<number> {
  return Math.round(await page.evaluate(() => (globalThis as unknown as FrameWindow).longestFrameMs));
}
