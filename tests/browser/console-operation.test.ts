import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import type { AppId, AppKey } from "@sealcast/protocol";
import Pusher from "pusher";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { chromiumPath, launchChromium } from "../fixtures/chromium.ts";
import { credentials } from "../fixtures/credentials.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { consoleFiles, openConsole, quickHashOf, signIn } from "./fixtures/console-page.ts";

const password = "correct horse";

describe.skipIf(chromiumPath === undefined)("the console is easy to operate", () => {
  let browser: Browser;
  let server: TestServer;
  let page: Page;
  beforeAll(async () => {
    server = await startServer({
      ports: { consoleFiles },
      apps: [
        testApp({ id: "1001" as AppId }),
        testApp({ id: "1002" as AppId, credentials: [{ key: "k2" as AppKey, secret: "secret-2" }] }),
      ],
      operators: [{ name: "ada", role: "admin", passwordHash: quickHashOf(password) }],
    });
    browser = await launchChromium();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
  });
  beforeEach(async () => {
    page = await newPage(1_280, 500);
  }, 60_000);

  test("a page begins at its top, however far the one before was scrolled", async () => {
    await openConsole(page, server, "apps");
    const main = page.getByRole("main");
    await page.getByRole("heading", { name: "App 1001" }).waitFor();
    await main.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    expect(await main.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(0);
    await page.getByRole("link", { name: "Getting started" }).click();
    await page.getByRole("heading", { name: "Getting started" }).waitFor();
    expect(await main.evaluate(({ scrollTop }) => scrollTop)).toBe(0);
  }, 60_000);

  test("a dialog that has done its work gives the focus back", async () => {
    await openConsole(page, server, "log");
    const create = page.getByRole("button", { name: "Create event" });
    await create.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("textbox", { name: "Channel" }).fill("orders");
    await page.getByRole("textbox", { name: "Event" }).fill("paid");
    await page.keyboard.press("Enter");
    await page.getByText("Event sent successfully").waitFor();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await create.evaluate((button) => button === document.activeElement)).toBe(true);
  }, 60_000);

  test("the form of an event unlocks an encrypted channel, and keeps what was typed", async () => {
    await openConsole(page, server, "log");
    await page.getByRole("button", { name: "Create event" }).click();
    const form = page.getByRole("dialog", { name: "Create an event" });
    await form.getByRole("textbox", { name: "Channel" }).fill("private-encrypted-orders");
    await form.getByRole("textbox", { name: "Event" }).fill("paid");
    await form.getByRole("button", { name: "Unlock" }).click();
    const unlock = page.getByRole("dialog", { name: "Unlock encrypted channels" });
    await unlock.getByRole("textbox").fill(randomBytes(32).toString("base64"));
    await unlock.getByRole("button", { name: "Unlock in this page" }).click();
    await unlock.waitFor({ state: "detached" });
    await form.getByText("the data is sealed in this page before it is sent").waitFor();
    await form.getByRole("button", { name: "Send event" }).click();
    await page.getByText("Event sent successfully").waitFor();
    await expect.poll(() => page.locator(".log-row").filter({ hasText: "Event: paid" }).count()).toBe(1);
  }, 60_000);

  test("the menu of types closes on Escape and when another place is chosen, and stays open inside", async () => {
    await openConsole(page, server, "log");
    const menu = page.getByText("Log types");
    const hint = page.getByText("The server sends only the selected types.");
    await menu.click();
    await hint.click();
    await page.getByRole("checkbox", { name: "Subscribed", exact: true }).uncheck();
    await hint.waitFor();
    await page.keyboard.press("Escape");
    await hint.waitFor({ state: "hidden" });
    await menu.click();
    await page.getByRole("searchbox", { name: "Filter the log" }).click();
    await expect.poll(() => hint.isVisible()).toBe(false);
  }, 60_000);

  test("a link opens the log of its app, also in a page that is open already, and another app can be chosen then", async () => {
    await openConsole(page, server, "log");
    const app = page.getByRole("combobox", { name: "App" });
    const filter = page.getByRole("searchbox", { name: "Filter the log" });
    await app.selectOption("1002");
    await filter.fill("paid");
    await expect.poll(() => page.url()).toMatch(/#\/log\?app=1002&filter=paid$/);
    const link = page.url();

    const other = await newPage(1_280, 500);
    await openConsole(other, server, "log");
    await other.evaluate((address) => location.assign(address), link);
    const shown = (): Promise<string[]> =>
      Promise.all([
        other.getByRole("combobox", { name: "App" }).inputValue(),
        other.getByRole("searchbox", { name: "Filter the log" }).inputValue(),
      ]);
    await expect.poll(shown).toEqual(["1002", "paid"]);
    await other.getByRole("searchbox", { name: "Filter the log" }).fill("");
    await other.getByRole("combobox", { name: "App" }).selectOption("1001");
    await expect.poll(() => other.url()).toMatch(/#\/log\?app=1001$/);
    expect(await shown()).toEqual(["1001", ""]);
  }, 60_000);

  test("the log of a watched channel has no other channel, even if its name is similar", async () => {
    const client = await RawClient.connect(server.port);
    onTestFinished(() => client.drop());
    await client.subscribe("orders");
    await openConsole(page, server, "channels");
    await page.getByRole("button", { name: "orders", exact: true }).click();
    await page.getByRole("link", { name: "Watch its log" }).click();
    const backend = new Pusher({ ...credentials, host: "127.0.0.1", port: String(server.port), useTLS: false });
    await backend.trigger("orders-of-others", "first", {});
    await backend.trigger("orders", "second", {});
    await page.locator(".log-row").filter({ hasText: "Event: second" }).waitFor();
    expect(await page.locator(".log-row").filter({ hasText: "orders-of-others" }).count()).toBe(0);
  }, 60_000);

  test("while the log is paused, it says how many entries wait", async () => {
    await openConsole(page, server, "log");
    await page.getByRole("button", { name: "Pause" }).click();
    const backend = new Pusher({ ...credentials, host: "127.0.0.1", port: String(server.port), useTLS: false });
    await backend.trigger("orders", "paid", {});
    await page.getByText("paused, 1 new entry waits").waitFor();
    await page.getByRole("button", { name: "Resume" }).click();
    await expect.poll(() => page.locator(".log-row").filter({ hasText: "Event: paid" }).count()).toBe(1);
  }, 60_000);

  test("an entry appears once, also when the types change while somebody else watches", async () => {
    const other = await newPage(1_280, 500);
    await openConsole(other, server, "log");
    await openConsole(page, server, "log");
    const backend = new Pusher({ ...credentials, host: "127.0.0.1", port: String(server.port), useTLS: false });
    const rows = (event: string): ReturnType<Page["locator"]> =>
      page.locator(".log-row").filter({ hasText: `Event: ${event}` });
    await backend.trigger("orders", "placed", {});
    await rows("placed").waitFor();
    await page.getByText("Log types").click();
    const stream = page.waitForResponse(/\/stream\?/);
    await page.getByRole("checkbox", { name: "Vacated" }).uncheck();
    await stream;
    await backend.trigger("orders", "shipped", {});
    await rows("shipped").waitFor();
    expect(await rows("placed").count()).toBe(1);
  }, 60_000);

  test("the log of the types and the filter is exported, one entry per line", async () => {
    await openConsole(page, server, "log");
    const backend = new Pusher({ ...credentials, host: "127.0.0.1", port: String(server.port), useTLS: false });
    await page.getByRole("searchbox", { name: "Filter the log" }).fill('event:"exported"');
    await backend.trigger("orders", "exported", { total: 12 });
    await backend.trigger("orders", "other", {});
    await page.locator(".log-row").filter({ hasText: "Event: exported" }).waitFor();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export", exact: true }).click(),
    ]);
    expect(file.suggestedFilename()).toMatch(/^sealcast-log-.*\.jsonl$/);
    const lines = readFileSync(await file.path(), "utf8")
      .trimEnd()
      .split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ type: "api-message", channel: "orders", event: "exported", data: '{"total":12}' }),
    ]);
  }, 60_000);

  test("what occurs often is named, and a click shows only that", async () => {
    await openConsole(page, server, "log");
    await page.getByRole("button", { name: "Clear" }).click();
    const backend = new Pusher({ ...credentials, host: "127.0.0.1", port: String(server.port), useTLS: false });
    for (const event of ["often", "often", "seldom"]) await backend.trigger("frequent-channel", event, {});
    const seen = page.getByRole("complementary", { name: "Frequently seen" });
    await seen.getByRole("listitem").filter({ hasText: "often" }).getByText("2", { exact: true }).waitFor();
    await seen.getByRole("button", { name: "seldom" }).click();
    await expect
      .poll(() => page.locator(".log-row").allTextContents())
      .toEqual([expect.stringContaining("Event: seldom")]);
  }, 60_000);

  test("the theme of the system, the light and the dark one follow each other, and are kept", async () => {
    const scheme = (): Promise<string> => page.evaluate(() => document.documentElement.style.colorScheme);
    expect(await scheme()).toBe("light dark");
    await page.getByRole("button", { name: "Theme: system" }).click();
    expect(await scheme()).toBe("light");
    await page.getByRole("button", { name: "Theme: light" }).click();
    await page.reload();
    await page.getByRole("button", { name: "Theme: dark" }).waitFor();
    expect(await scheme()).toBe("dark");
  }, 60_000);

  test("it says who is signed in, and what they may do", async () => {
    const name = page.getByRole("banner").getByText("ada", { exact: true });
    await name.waitFor();
    expect(await page.getByRole("banner").textContent()).toContain("ada admin");
  }, 60_000);

  test("what went wrong last is on the first page", async () => {
    await openConsole(page, server, "overview");
    await page.getByText("None: the live log has no error and no failed webhook.").waitFor();
    await fetch(`${server.url}/apps/1001/channels`);
    const problem = page.getByRole("row").filter({ hasText: "API error" });
    await expect
      .poll(() => problem.allTextContents())
      .toContainEqual(expect.stringContaining("401 GET /apps/1001/channels: Missing parameter: auth_key"));
  }, 60_000);

  test("on a phone, a table shows every column without scrolling", async () => {
    const client = await RawClient.connect(server.port);
    onTestFinished(() => client.drop());
    await client.subscribe("orders");
    const phone = await newPage(390, 780);
    await openConsole(phone, server, "connections");
    const close = phone.getByRole("button", { name: /^Close / });
    await close.waitFor();
    const table = phone.getByRole("region", { name: "Connections" });
    expect(await table.evaluate(({ clientWidth, scrollWidth }) => scrollWidth - clientWidth)).toBe(0);
    const box = await close.boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThan(390);
    await table.getByText("1", { exact: true }).click();
    await table.getByText("orders", { exact: true }).waitFor();
  }, 60_000);

  async function newPage(width: number, height: number): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height } });
    onTestFinished(() => context.close());
    const opened = await context.newPage();
    await signIn(opened, server, "ada", password);
    await opened.getByRole("status").getByText("Live", { exact: true }).waitFor();
    return opened;
  }
});
