import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Sealcast as Client, whenSubscribed } from "@sealcast/client";
import { reportDecryptionErrors } from "@sealcast/client/decryption-reports";
import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import { Sealcast } from "@sealcast/server-sdk";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { chromiumPath, launchChromium } from "../fixtures/chromium.ts";
import { credentials } from "../fixtures/credentials.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { WebhookReceiver } from "../fixtures/webhook-receiver.ts";
import { webhook } from "../webhooks/webhook-server.ts";
import { leaveDeadLetters } from "./fixtures/dead-letters.ts";
import { consoleFiles, openConsole } from "./fixtures/console-page.ts";

describe.skipIf(chromiumPath === undefined)("pages of the console", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  }, 60_000);
  afterAll(() => browser.close());

  let context: BrowserContext;
  let page: Page;
  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
  });
  afterEach(() => context.close());

  const open = (server: TestServer, name: string): Promise<void> => openConsole(page, server, name);

  test("webhooks: deliveries, failures in the log, dead letters that are sent again and removed", async () => {
    const receiver = await WebhookReceiver.start();
    const dataDirectory = mkdtempSync(join(tmpdir(), "sealcast-console-"));
    leaveDeadLetters(dataDirectory, receiver.url(), ["given-up-1", "given-up-2"], "status 500");
    const server = await startServer({
      apps: [testApp({ webhooks: [webhook(receiver.url(), { events: ["channel_occupied"] })] })],
      settings: { dataDirectory, allowPrivateWebhookTargets: true },
      ports: { consoleFiles },
    });
    onTestFinished(async () => {
      await server.close();
      await receiver.close();
      rmSync(dataDirectory, { recursive: true });
    });
    await open(server, "webhooks");
    const letters = page.getByRole("region", { name: /Dead letters/ }).getByRole("row");
    await expect.poll(() => letters.count()).toBe(3);
    expect(await letters.allTextContents()).toContainEqual(expect.stringContaining("channel_occupied given-up-1"));
    await page
      .getByRole("button", { name: /^Send again/ })
      .first()
      .click();
    const sent = await receiver.next();
    expect(sent.events.map(({ name, channel }) => `${name} ${channel}`).join()).toMatch(
      /^channel_occupied given-up-\d$/,
    );
    await page.getByRole("button", { name: "Remove all" }).click();
    await page.getByRole("button", { name: "Remove the dead letters" }).click();
    await page.getByText("1 dead letter was removed").waitFor();
    await page.getByText("None: no delivery was given up.").waitFor();
    await page.getByText("Sent, status 200").waitFor();

    await page.getByRole("link", { name: "Live log" }).click();
    receiver.answer = () => 500;
    const client = await RawClient.connect(server.port);
    await client.subscribe("orders");
    await page.locator(".log-row").filter({ hasText: "Webhook failed" }).first().click();
    await page
      .getByText(/POST to .* failed with status 500/)
      .first()
      .waitFor();
    client.drop();
  }, 90_000);

  test("apps: keys without secrets, and settings that differ from the default", async () => {
    const server = await startServer({
      apps: [testApp({ maxConnections: 77, authorizedConnections: true })],
      ports: { consoleFiles },
    });
    onTestFinished(() => server.close());
    await open(server, "apps");
    const changed = page.getByRole("definition");
    await changed.getByText("77", { exact: true }).waitFor();
    expect(await page.getByRole("switch", { name: "authorizedConnections" }).isChecked()).toBe(true);
    expect(await page.getByRole("row", { name: /^app-key Active/ }).count()).toBe(1);
    await page.getByText("These apps come from the configuration file").waitFor();
    expect(await page.content()).not.toContain("app-secret");
    const answer = await (await fetch(`${server.url}/console/api/apps/1001`)).text();
    expect(answer).not.toContain("app-secret");
  }, 60_000);

  test("metrics: a chart for each figure, with what the server kept before the page was opened", async () => {
    const server = await startServer({ ports: { consoleFiles } });
    onTestFinished(() => server.close());
    await open(server, "metrics");
    await expect.poll(() => page.getByRole("img", { name: /over time$/ }).count()).toBe(8);
    const client = await RawClient.connect(server.port);
    await page.getByRole("figure").filter({ hasText: "Connections" }).getByText("1", { exact: true }).waitFor();
    await page.getByText("6 hours", { exact: true }).click();
    const history = await fetch(`${server.url}/console/api/history`);
    expect([history.status, await history.json()]).toEqual([200, expect.any(Array)]);
    client.drop();
  }, 60_000);

  test("metrics: dragging in a chart shows a part of its time, and a double click all of it", async () => {
    const server = await startServer({ ports: { consoleFiles } });
    onTestFinished(() => server.close());
    await open(server, "metrics");
    const chart = page.getByRole("img", { name: /^Connections over time/ });
    const name = (): Promise<string | null> => chart.getAttribute("aria-label");
    const area = chart.locator(".u-over");
    await area.waitFor();
    const box = await area.boundingBox();
    if (box === null) throw new Error("The chart has no area");
    const drag = async (from: number, to: number): Promise<void> => {
      await page.mouse.move(box.x + box.width * from, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * to, box.y + box.height / 2, { steps: 4 });
      await page.mouse.up();
    };
    expect(await name()).toBe("Connections over time");
    // The first seconds have too few figures for a range.
    await expect
      .poll(async () => {
        await drag(0.25, 0.75);
        return name();
      })
      .toMatch(/^Connections over time, from \d.* to \d/);
    const zoomed = await name();
    // New figures come every second, and do not change what is shown.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(await name()).toBe(zoomed);
    await area.dblclick();
    await expect.poll(name).toBe("Connections over time");
  }, 60_000);

  test("sealed channels: ciphertext with its key id, opened and sealed in the page only", async () => {
    const server = await startServer({ ports: { consoleFiles } });
    onTestFinished(() => server.close());
    const carried: string[] = [];
    await context.route("**/*", async (route) => {
      const request = route.request();
      carried.push(request.url(), request.postData() ?? "", JSON.stringify(await request.allHeaders()));
      await route.continue();
    });
    const key = randomBytes(32).toString("base64");
    const backend = new Sealcast({
      ...credentials,
      host: "127.0.0.1",
      port: server.port,
      useTLS: false,
      sealed: { ring: [{ key }] },
    });
    await open(server, "log");
    await backend.trigger("private-sealed-orders", "paid", { word: "marzipan" });
    await page
      .locator(".log-row")
      .filter({ hasText: "private-sealed-orders" })
      .filter({ hasText: "API message" })
      .click();
    const panel = page.getByRole("complementary", { name: "Selected entry" });
    await panel.getByText("Data as the server sees it").waitFor();
    expect(await page.content()).not.toContain("marzipan");

    await page.getByRole("button", { name: "Unlock" }).click();
    const later = randomBytes(32).toString("base64");
    const ring = JSON.stringify({ ring: [{ key }, { key: later, from: "2099-01-01T00:00:00Z" }] });
    await page.getByRole("textbox", { name: /Master keys/ }).fill(ring);
    await page.getByRole("button", { name: "Unlock in this page" }).click();
    await panel.getByText("marzipan").waitFor();
    await panel.getByText("Opened with key 1 of 2.").waitFor();

    await page.getByRole("button", { name: "Create event" }).click();
    await page.getByRole("textbox", { name: "Channel" }).fill("private-sealed-orders");
    await page.getByRole("textbox", { name: "Event" }).fill("refunded");
    await page.getByRole("textbox", { name: "Data" }).fill('{"word":"nougat"}');
    await page.getByRole("button", { name: "Send event" }).click();
    await page.locator(".log-row").filter({ hasText: "Event: refunded" }).click();
    await panel.getByText("nougat").waitFor();

    await page.getByRole("link", { name: "Key rotation" }).click();
    await page.getByText(/The next switch is at .*2099|The next switch is at .*2098/).waitFor();
    const row = page.getByRole("region", { name: "Key ids in events" }).getByRole("row").nth(1);
    expect(await row.textContent()).toMatch(/^private-sealed-orders[\w-]{11}Key 12/);
    const everything = carried.join("\n");
    for (const secret of [key, later, "marzipan", "nougat"]) expect(everything).not.toContain(secret);
  }, 60_000);

  test("[ENC4] what clients cannot decrypt and report is in the log, without data and keys", async () => {
    const server = await startServer({ ports: { consoleFiles } });
    onTestFinished(() => server.close());
    const address = { host: "127.0.0.1", port: server.port, useTLS: false };
    const [backend, stranger] = [1, 2].map(() => {
      const key = randomBytes(32).toString("base64");
      return new Sealcast({ ...credentials, ...address, sealed: { ring: [{ key }] } });
    }) as [Sealcast, Sealcast];
    const client = new Client("app-key", {
      url: server.url,
      sealed: true,
      holdMs: 100,
      channelAuthorization: {
        customHandler: ({ socketId, channelName }, callback) =>
          callback(null, stranger.authorizeChannel(socketId, channelName, undefined, { endToEnd: true })),
      },
    });
    onTestFinished(() => client.disconnect());
    reportDecryptionErrors(client);
    await whenSubscribed(client.subscribe("private-sealed-orders"));
    await open(server, "log");
    await backend.trigger("private-sealed-orders", "shipped", { word: "praline" });
    const row = page.locator(".log-row").filter({ hasText: "Decryption error" });
    await row.click();
    const panel = page.getByRole("complementary", { name: "Selected entry" });
    await panel.getByText("Event: shipped, Reported reason: no-key").waitFor();
    await panel
      .getByText(client.connection.socket_id ?? "no socket id")
      .first()
      .waitFor();
    expect(await row.count()).toBe(1);
  }, 60_000);
});
