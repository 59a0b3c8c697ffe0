import { setInterval } from "node:timers/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { room } from "../../examples/encrypted-chat/src/create-chat.ts";
import { chromiumPath } from "../fixtures/chromium.ts";
import { startChat, type RunningChat } from "../fixtures/running-chat.ts";

const everyMs = 50;
const messages = 100;
/** Which messages are sent as the button is pressed, once in each tab. */
const presses = [20, 60];
/** How long a page may take to show something; only a failing test waits that long. */
const patience = { timeout: 10_000 };

describe.skipIf(chromiumPath === undefined)("[ENC3] the example's key changes while two tabs talk", () => {
  let running: RunningChat;
  let tabs: readonly [Page, Page];

  beforeAll(async () => {
    running = await startChat();
    const context = await running.browser.newContext();
    tabs = [await running.chat.open(context, "Ada"), await running.chat.open(context, "Grace")];
  }, 60_000);

  afterAll(() => running.stop());

  test("every message arrives in both tabs exactly once", async () => {
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
    for (const tab of tabs) {
      await expect.poll(async () => (await shownIn(tab)).toSorted(), patience).toEqual(expected);
      expect(await tab.textContent("#count")).toBe(`${messages} of ${messages} messages received`);
      await expect.poll(() => tab.textContent("#key"), patience).toMatch(/^Key changed at .+, nothing lost$/);
    }
  }, 60_000);
});

async function write(tab: Page, text: string): Promise<void> {
  const answer = await tab.request.post(new URL("messages", tab.url()).href, { data: { text } });
  expect(answer.status()).toBe(204);
}

/** Presses the button, and waits until the key has changed. */
async function pressRotate(tab: Page): Promise<void> {
  const [answer] = await Promise.all([tab.waitForResponse("**/rotate"), tab.click("#rotate")]);
  expect(answer.status()).toBe(204);
}

/** The secret that the auth endpoint hands out at this moment. */
async function secretOf(tab: Page): Promise<string> {
  const form = { socket_id: "1.1", channel_name: room };
  const answer = await tab.request.post(new URL("auth", tab.url()).href, { form });
  return ((await answer.json()) as { shared_secret: string }).shared_secret;
}

function shownIn(tab: Page): Promise<string[]> {
  return tab.locator("#messages p").allTextContents();
}
