import { setInterval } from "node:timers/promises";
import type { Page, Route } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { channelsOf } from "../../examples/encrypted-chat/src/room-channels.ts";
import { axeViolations } from "../browser/fixtures/axe-violations.ts";
import { chromiumPath } from "../fixtures/chromium.ts";
import { startChat, type RunningChat } from "../fixtures/running-chat.ts";

/** Milliseconds between two messages, and how many of them. */
const everyMs = 50;
const messages = 100;
/** Which messages are sent as the button is pressed, once in each tab. */
const presses = [20, 60];
/** How long the page may take to show something; only a failing test waits that long. */
const polling = { timeout: 10_000 };

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

  afterEach(() => tab.close());

  test("takes the next message while one is on its way, and sends none twice", async () => {
    const waiting: Route[] = [];
    await tab.route("**/messages", (route) => void waiting.push(route));
    await tab.fill("#text", "first");
    await tab.press("#text", "Enter");
    await tab.press("#text", "Enter");
    await tab.fill("#text", "second");
    await expect.poll(() => waiting.length, polling).toBe(1);
    await waiting[0]?.continue();
    await expect.poll(() => tab.locator("#messages p").allTextContents(), polling).toEqual(["first"]);
    expect(await tab.inputValue("#text")).toBe("second");
    expect(waiting).toHaveLength(1);
  });

  test("has no violation that axe finds", async () => {
    await write(tab, "hello");
    await expect.poll(() => shownIn(tab), polling).toContain("hello");
    expect(await axeViolations(tab)).toEqual([]);
  });

  test("says that a message was not sent, and gives it back", async () => {
    await tab.route("**/messages", (route) => route.abort());
    await tab.fill("#text", "first");
    await tab.press("#text", "Enter");
    await expect.poll(() => tab.textContent("#status"), polling).toBe("not sent: the chat does not answer");
    expect(await tab.inputValue("#text")).toBe("first");
    await tab.unroute("**/messages");
    await tab.press("#text", "Enter");
    await expect.poll(() => tab.textContent("#status"), polling).toBe("connected");
  });

  test("does not claim a key that it knows nothing of", async () => {
    expect(await tab.textContent("#key")).toBe("No change of the key since you joined");
    await tab.route("**/rotate", (route) => route.abort());
    await tab.click("#rotate");
    await expect.poll(() => tab.textContent("#key"), polling).toBe("No new key: the chat does not answer");
  });

  test("shows the history after a reload, in order and each message once", async () => {
    for (const text of ["before", "the", "reload"]) await write(tab, text);
    await expect.poll(async () => (await shownIn(tab)).slice(-3), polling).toEqual(["before", "the", "reload"]);
    const all = await shownIn(tab);
    await tab.reload();
    await expect.poll(() => shownIn(tab), polling).toEqual(all);
    expect(new Set(await tab.locator("#messages li").evaluateAll(placesOf)).size).toBe(all.length);
  });

  test.each(["ours", "official"])("shows who is here and who is typing, with the client %s", async (client) => {
    const other = await running.chat.open(
      await running.browser.newContext(),
      "Grace",
      client === "official" ? "client" : undefined,
    );
    await expect.poll(() => tab.textContent("#people"), polling).toContain("Here: Grace");
    await other.locator("#text").pressSequentially("h");
    await expect.poll(() => tab.textContent("#people"), polling).toContain("Grace typing…");
    await write(tab, `hello with ${client}`);
    await expect.poll(async () => (await shownIn(other)).at(-1), polling).toBe(`hello with ${client}`);
    await other.close();
    await expect.poll(() => tab.textContent("#people"), polling).not.toContain("Grace");
  });

  test("can be switched to sealed channels: the server then sees neither names of events nor of people", async () => {
    const context = await running.browser.newContext();
    const sealed = await running.chat.open(context, "Ada", "scheme");
    const other = await running.chat.open(context, "Grace", "scheme");
    await expect.poll(() => sealed.textContent("#people"), polling).toContain("Here: Grace");
    await write(sealed, "hello sealed");
    await pressRotate(sealed);
    await write(sealed, "under a new key");
    await expect.poll(() => shownIn(other), polling).toEqual(["hello sealed", "under a new key"]);
    await expect.poll(() => other.textContent("#key"), polling).toMatch(/^Key changed at .+, nothing lost$/);
    const frames = await other.locator("#frames li code").allTextContents();
    expect(frames).toHaveLength(3);
    for (const frame of frames) expect(frame).toMatch(/^\{"event":"sealed","channel":"private-sealed-lobby"/);
    expect(frames.join("")).not.toMatch(/hello|under a new key|"message"|key-changed|Ada|Grace/);
    expect(await other.locator("#frames mark").first().textContent()).toMatch(/^[\w-]{100,}$/);
    await other.click("text=Switch to encrypted channels");
    await other.waitForSelector("#text:enabled");
    expect(await other.locator("#encrypted").isVisible()).toBe(true);
    await Promise.all([sealed.close(), other.close()]);
  });

  test("comes back by itself after the server restarts", async () => {
    await running.restartServer();
    await expect.poll(() => tab.textContent("#status"), { timeout: 30_000 }).toBe("connected");
    await expect
      .poll(
        async () => {
          await tab.request.post(new URL("messages", tab.url()).href, { data: { text: "after the restart" } });
          return (await shownIn(tab)).at(-1);
        },
        { timeout: 30_000 },
      )
      .toBe("after the restart");
  }, 90_000);

  test("comes back by itself after the backend restarts, with another master key", async () => {
    await running.restartBackend();
    await tab.fill("#text", "after the restart of the backend");
    await tab.press("#text", "Enter");
    await expect.poll(async () => (await shownIn(tab)).at(-1), polling).toBe("after the restart of the backend");
    expect(await tab.textContent("#status")).toBe("connected");
  });

  test("fits a screen of 320 pixels", async () => {
    await tab.setViewportSize({ width: 320, height: 640 });
    const widths = await tab.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(widths).toEqual([320, 320]);
  });

  test("[ENC3] delivers every message exactly once while two tabs talk and the key changes", async () => {
    await running.stop();
    running = await startChat();
    const context = await running.browser.newContext();
    const tabs = [await running.chat.open(context, "Ada"), await running.chat.open(context, "Grace")] as const;
    const secrets: string[] = [];
    const sent: Promise<void>[] = [];
    const changes: Promise<void>[] = [];
    for await (const _ of setInterval(everyMs)) {
      const pressing = tabs[presses.indexOf(sent.length)];
      if (pressing !== undefined) {
        // A press during a change would take part in it.
        await changes.at(-1);
        secrets.push(await secretOf(pressing));
        changes.push(pressRotate(pressing));
      }
      sent.push(write(tabs[sent.length % 2 === 0 ? 0 : 1], `message ${sent.length}`));
      if (sent.length === messages) break;
    }
    await Promise.all([...sent, ...changes]);
    secrets.push(await secretOf(tabs[0]));
    expect(new Set(secrets).size).toBe(3);

    const expected = sent.map((_, index) => `message ${index}`).toSorted();
    for (const page of tabs) {
      await expect.poll(async () => (await shownIn(page)).toSorted(), polling).toEqual(expected);
      expect(await page.textContent("#count")).toBe(`${messages} of ${messages} messages received`);
      await expect.poll(() => page.textContent("#key"), polling).toMatch(/^Key changed at .+, nothing lost$/);
    }
  }, 60_000);
});

async function write(tab: Page, text: string): Promise<void> {
  const answer = await tab.request.post(addressOf(tab, "messages"), { data: { text } });
  expect(answer.status()).toBe(204);
}

/** Address of a request of the page: it has the query of the page's own address. */
function addressOf(tab: Page, path: string): string {
  return new URL(path + new URL(tab.url()).search, tab.url()).href;
}

/** Presses the button, and waits until the key has changed. */
async function pressRotate(tab: Page): Promise<void> {
  const [answer] = await Promise.all([tab.waitForResponse(/\/rotate\b/), tab.click("#rotate")]);
  expect(answer.status()).toBe(204);
}

/** The secret that the auth endpoint hands out at this moment. */
async function secretOf(tab: Page): Promise<string> {
  const form = { socket_id: "1.1", channel_name: channelsOf.encrypted.room };
  const answer = await tab.request.post(new URL("auth", tab.url()).href, { form });
  return ((await answer.json()) as { shared_secret: string }).shared_secret;
}

function placesOf(items: readonly Element[]): (string | undefined)[] {
  return items.map((item) => (item as HTMLElement).dataset["place"]);
}

function shownIn(tab: Page): Promise<string[]> {
  return tab.locator("#messages p").allTextContents();
}
