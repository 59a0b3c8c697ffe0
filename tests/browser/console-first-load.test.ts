import { startServer, type TestServer } from "@sealcast/server-testing";
import type { Browser, CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, launchChromium } from "../fixtures/chromium.ts";
import { consoleFiles, openConsole } from "./fixtures/console-page.ts";

/** `npm run soak` measures several times, and prints how long it takes. */
const rounds = process.env["SOAK_CONSOLE_SECONDS"] === undefined ? 1 : 7;
/** A phone of the middle class on a slow mobile network, as Lighthouse has it. */
const slowPhone = {
  cpuSlowdown: 4,
  network: { offline: false, latency: 150, downloadThroughput: 1_638_400 / 8, uploadThroughput: 675_000 / 8 },
};

describe.skipIf(chromiumPath === undefined)("the first load of the console", () => {
  let browser: Browser;
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ ports: { consoleFiles } });
    browser = await launchChromium();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  test("is less than 90 KB, in few requests", async () => {
    const page = await browser.newPage();
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    let bytes = 0;
    const urls: string[] = [];
    session.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
    session.on("Network.requestWillBeSent", ({ request }) => void urls.push(new URL(request.url).pathname));
    await page.goto(`${server.url}/console`);
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await page.getByRole("status").getByText("Live", { exact: true }).waitFor();
    await expect.poll(() => bytes).toBeGreaterThan(60_000);
    // The issue allows 200 KB; this keeps what was reached.
    expect(bytes).toBeLessThan(90_000);
    await page.locator("canvas").first().waitFor();
    const names = urls.map((url) => url.replace(/-[A-Z0-9]{8}\./, "."));
    // Both come after the first picture, at a time of their own.
    const later = ["/console/assets/icon.svg", "/console/assets/later-parts.js"];
    expect(names.filter((name) => !later.includes(name)).toSorted()).toEqual([
      "/console",
      "/console/api/apps",
      "/console/api/apps/1001/stream",
      "/console/api/history",
      "/console/api/session",
      "/console/assets/chunk.js",
      "/console/assets/console.css",
      "/console/assets/console.js",
      "/console/assets/uPlot.esm.js",
    ]);
    await page.close();
  }, 60_000);

  test("a second load asks for nothing that it has", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const loaded = page.waitForResponse(/later-parts/);
    await openConsole(page, server, "log");
    await (await loaded).finished();
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    const sent: string[] = [];
    session.on("Network.responseReceived", ({ response }) => {
      if (response.fromDiskCache !== true) sent.push(new URL(response.url).pathname);
    });
    await page.goto("about:blank");
    await openConsole(page, server, "log");
    const assets = sent.filter((path) => path.startsWith("/console/assets/") && !path.endsWith("icon.svg"));
    expect(assets).toEqual([]);
    expect(sent).toContain("/console");
    await context.close();
  }, 60_000);

  test("works on a slow phone", async () => {
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const context = await browser.newContext({ viewport: { width: 390, height: 780 } });
      const page = await context.newPage();
      times.push(await usableAfterMs(page, await context.newCDPSession(page)));
      await context.close();
    }
    const [fastest = 0] = times.toSorted((a, b) => a - b);
    const median = times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
    if (rounds > 1) console.log(`Usable on a slow phone: median ${median} ms, fastest ${fastest} ms, of ${rounds}`);
    expect(times.filter((time) => time > 0)).toHaveLength(rounds);
  }, 120_000);

  /** From the navigation until the log is there and its button reacts. */
  async function usableAfterMs(page: Page, session: CDPSession): Promise<number> {
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", slowPhone.network);
    await session.send("Emulation.setCPUThrottlingRate", { rate: slowPhone.cpuSlowdown });
    await page.addInitScript(() => {
      const look = (): void => {
        const pause = document.querySelector<HTMLElement>("main [aria-pressed]");
        if (pause === null || document.querySelector(".log-row, .empty") === null)
          return void requestAnimationFrame(look);
        pause.click();
        requestAnimationFrame(react);
      };
      const react = (): void => {
        if (document.querySelector("main [aria-pressed=true]") === null) requestAnimationFrame(react);
        else Object.assign(globalThis, { usableAfterMs: performance.now() });
      };
      requestAnimationFrame(look);
    });
    await page.goto(`${server.url}/console#/log`);
    const measured = await page.waitForFunction(() => (globalThis as { usableAfterMs?: number }).usableAfterMs);
    return Math.round((await measured.jsonValue()) ?? Number.NaN);
  }
});
