import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { publish } from "../fixtures/api-request.ts";
import { chromiumPath, launchChromium } from "../fixtures/chromium.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { WebhookReceiver } from "../fixtures/webhook-receiver.ts";
import { webhook } from "../webhooks/webhook-server.ts";
import { leaveDeadLetters } from "./fixtures/dead-letters.ts";
import { consoleFiles, openConsole, pageNames } from "./fixtures/console-page.ts";

const html = `"'><img src=x onerror="pwned()"><script>pwned()</script><style>*{display:none}</style>`;
/** Right-to-left marks, a combining pile, and a word without a break. */
const twisted = `\u202E\u2066${"e\u0301\u0302\u0303".repeat(60)}${"W".repeat(120)}`;
const widths = [1_280, 390] as const;

describe.skipIf(chromiumPath === undefined)("what strangers send stays text in the console", () => {
  const dataDirectory = mkdtempSync(join(tmpdir(), "sealcast-console-hostile-"));
  const executed: string[] = [];
  const clients: RawClient[] = [];
  let browser: Browser;
  let server: TestServer;
  let receiver: WebhookReceiver;
  let page: Page;
  beforeAll(async () => {
    receiver = await WebhookReceiver.start((_, response) => {
      response.writeHead(500, html.replaceAll(/[^\x20-\x7e]/g, ""), { "content-type": "text/html", "x-evil": "<b>" });
      response.end(html.repeat(100));
      return undefined;
    });
    const url = receiver.url(`/${encodeURIComponent(html)}?${"q".repeat(300)}`);
    leaveDeadLetters(dataDirectory, url, [html, twisted], `${html} ${twisted}`);
    const strange = { channels: { prefix: html, suffix: twisted }, headers: { "x-strange": html } };
    const hooks = [webhook(url), webhook(receiver.url("/strange"), strange)];
    server = await startServer({
      apps: [testApp({ webhooks: hooks, maxEventBytes: 50_000, maxMemberBytes: 10_000 })],
      settings: { dataDirectory, allowPrivateWebhookTargets: true },
      ports: { consoleFiles },
    });
    browser = await launchChromium();
    page = await browser.newPage();
    await page.exposeFunction("pwned", () => executed.push("pwned"));
    page.on("dialog", (dialog) => void executed.push(dialog.message()));
    await openConsole(page, server, "log");
    await makeTraffic();
  }, 60_000);
  afterAll(async () => {
    for (const client of clients) client.drop();
    await browser.close();
    await server.close();
    await receiver.close();
    rmSync(dataDirectory, { recursive: true });
  });

  /** Everything of which a stranger chooses the text, once with markup and once twisted. */
  async function makeTraffic(): Promise<void> {
    for (const text of [html, twisted]) {
      const query = new URLSearchParams({ protocol: "7", client: text, version: text });
      const path = `/app/app-key?${query}`;
      const origin = `https://${"o".repeat(60)}.example.com`;
      const client = await RawClient.connect(server.port, { path, headers: { origin, "user-agent": "<b>" } });
      clients.push(client);
      await client.join("presence-room", `user-${clients.length}`, { name: text });
      await client.subscribe(`cache-${"n".repeat(100)}@=,.;_-`);
      client.send({ event: `client-${text}`.slice(0, 200), channel: "presence-room", data: text });
      client.send({ event: text.slice(0, 200), data: text });
      client.send({ event: "pusher:subscribe", data: { channel: text, auth: text } });
      await publish(
        server.port,
        `cache-${"n".repeat(100)}@=,.;_-`,
        text.slice(0, 200),
        JSON.stringify({ [text]: text }),
      );
      await fetch(`${server.url}/apps/1001/${encodeURIComponent(text)}?auth_key=${encodeURIComponent(text)}`);
    }
  }

  test("no page executes it, loads anything for it, or gets wider than the screen", async () => {
    await page.locator(".log-row").filter({ hasText: "Webhook failed" }).first().waitFor();
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 });
      for (const name of pageNames) {
        await openConsole(page, server, name);
        await page.locator("main h1").waitFor();
        if (name === "log") await visit(".log-row", 30);
        if (name === "channels") await visit("main table button.link", 5);
        const tooWide = await overflow();
        expect(tooWide, `${name} at ${width} pixels`).toEqual([]);
        const foreign = await page.locator("img, main script, main style, iframe").count();
        expect(foreign, `elements of ${name}`).toBe(0);
      }
    }
    expect(executed).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(server.url))).toEqual([]);
  }, 120_000);

  test("a failed delivery shows its status, and nothing that the receiver has answered", async () => {
    await openConsole(page, server, "webhooks");
    await page.getByText("Failed: status 500").first().waitFor();
    const text = (await page.getByRole("row", { name: /Failed: status 500/ }).allTextContents()).join();
    for (const answered of ["<script>", "x-evil", 'onerror="pwned']) expect(text).not.toContain(answered);
    await page
      .getByRole("heading", { name: receiver.url("/") })
      .first()
      .waitFor();
  }, 60_000);

  test("dead letters, and settings of webhooks, are text", async () => {
    await openConsole(page, server, "webhooks");
    const letters = page.getByRole("region", { name: /^Dead letters/ });
    await letters.getByRole("row").nth(2).waitFor();
    const text = (await letters.textContent()) ?? "";
    for (const hostile of [html, twisted]) expect(text).toContain(`channel_occupied ${hostile}`);
    await page.getByText(`channels that begin with ${html}`).waitFor();
    expect(executed).toEqual([]);
  }, 60_000);

  /** Opens what a list has, one after the other. */
  async function visit(rows: string, most: number): Promise<void> {
    await page.locator(rows).first().waitFor();
    const count = Math.min(most, await page.locator(rows).count());
    for (let index = 0; index < count; index += 1) {
      await page.locator(rows).nth(index).dispatchEvent("click");
    }
  }

  /** Elements that make the page scroll sideways, that lie beside the screen, or of which a part cannot be seen. */
  function overflow(): Promise<string[]> {
    return page.evaluate(() => {
      const { clientWidth } = document.documentElement;
      const root = document.querySelector("main");
      const wide = [document.documentElement, document.body, root].filter(
        (element) => element !== null && element.scrollWidth > element.clientWidth + 1,
      );
      const beside = [...document.querySelectorAll("main > *, aside, header.top")].filter(
        (element) => element.getBoundingClientRect().right > clientWidth + 1,
      );
      const squeezed = [...document.querySelectorAll(".scroll-x")].filter(
        (element) => element.clientHeight < element.scrollHeight - 1,
      );
      return [...wide, ...beside, ...squeezed].map((element) => element?.outerHTML.slice(0, 200) ?? "");
    });
  }
});
