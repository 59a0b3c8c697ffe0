import type { Page, Route } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { chromiumPath } from "../fixtures/chromium.ts";
import { startChat, type RunningChat } from "../fixtures/running-chat.ts";

/** How long the page may take to show something; only a failing test waits that long. */
const patience = { timeout: 10_000 };

describe.skipIf(chromiumPath === undefined)("the example's page", () => {
  let running: RunningChat;
  let tab: Page;

  beforeAll(async () => {
    running = await startChat();
  }, 60_000);

  afterAll(() => running.stop());

  beforeEach(async () => {
    tab = await running.chat.open(await running.browser.newContext(), "Ada");
  });

  test("takes the next message while one is on its way, and sends none twice", async () => {
    const waiting: Route[] = [];
    await tab.route("**/messages", (route) => void waiting.push(route));
    await tab.fill("#text", "first");
    await tab.press("#text", "Enter");
    await tab.press("#text", "Enter");
    await tab.fill("#text", "second");
    await expect.poll(() => waiting.length, patience).toBe(1);
    await waiting[0]?.continue();
    await expect.poll(() => tab.locator("#messages p").allTextContents(), patience).toEqual(["first"]);
    expect(await tab.inputValue("#text")).toBe("second");
    expect(waiting).toHaveLength(1);
  });

  test("says that a message was not sent, and gives it back", async () => {
    await tab.route("**/messages", (route) => route.abort());
    await tab.fill("#text", "first");
    await tab.press("#text", "Enter");
    await expect.poll(() => tab.textContent("#status"), patience).toBe("not sent: the chat does not answer");
    expect(await tab.inputValue("#text")).toBe("first");
    await tab.unroute("**/messages");
    await tab.press("#text", "Enter");
    await expect.poll(() => tab.textContent("#status"), patience).toBe("connected");
  });

  test("does not claim a key that it knows nothing of", async () => {
    expect(await tab.textContent("#key")).toBe("No change of the key since you joined");
    await tab.route("**/rotate", (route) => route.abort());
    await tab.click("#rotate");
    await expect.poll(() => tab.textContent("#key"), patience).toBe("No new key: the chat does not answer");
  });
});
