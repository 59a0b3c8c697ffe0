import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AdminClient, adminToken } from "../apps/admin-client.ts";
import { chromiumPath, launchChromium } from "../fixtures/chromium.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { WebhookReceiver } from "../fixtures/webhook-receiver.ts";
import { webhook } from "../webhooks/webhook-server.ts";
import { axeViolations } from "./fixtures/axe-violations.ts";
import { consoleFiles, openConsole, quickHashOf, signIn } from "./fixtures/console-page.ts";

describe.skipIf(chromiumPath === undefined)("webhooks in the console", () => {
  const folder = mkdtempSync(join(tmpdir(), "sealcast-console-webhooks-"));
  const password = "correct horse";
  let browser: Browser;
  let server: TestServer;
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    server = await startServer({
      apps: [],
      settings: {
        appDatabase: `sqlite:${join(folder, "apps.db")}`,
        dataDirectory: folder,
        allowPrivateWebhookTargets: true,
        adminToken,
      },
      ports: { consoleFiles },
      operators: [
        { name: "ada", role: "admin", passwordHash: quickHashOf(password) },
        { name: "bob", role: "read-only", passwordHash: quickHashOf(password) },
      ],
    });
    await admin().call("POST", "/admin/apps", { id: "2002", key: "key-2002", secret: "secret-2002" });
    browser = await launchChromium();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
    await receiver.close();
    rmSync(folder, { recursive: true });
  });

  function admin(): AdminClient {
    return new AdminClient(server.url);
  }

  async function openAs(name: string): Promise<Page> {
    const page = await (await browser.newContext()).newPage();
    await signIn(page, server, name, password);
    await page.getByRole("status").getByText("Live", { exact: true }).waitFor();
    await openConsole(page, server, "webhooks");
    return page;
  }

  test("an admin adds one, which gets events, changes it and removes it", async () => {
    const page = await openAs("ada");
    const form = page.getByRole("dialog");
    await page.getByText("This app has no webhook").waitFor();
    await page.getByRole("button", { name: "Add webhook" }).click();
    expect(await axeViolations(page)).toEqual([]);
    await form.getByRole("textbox", { name: "URL" }).fill("ftp://example.com");
    await form.getByRole("textbox", { name: "Headers, one per line" }).fill("no header");
    await form.getByRole("button", { name: "Save" }).click();
    await form.getByText('Expected a header such as "X-Tenant: 7" in each line, got "no header"').waitFor();
    await form.getByRole("textbox", { name: "Headers, one per line" }).fill("X-Tenant: tenant-7");
    await form.getByRole("button", { name: "Save" }).click();
    await form.getByText(/an http or https URL/).waitFor();
    await form.getByRole("textbox", { name: "URL" }).fill(receiver.url());
    await form.getByRole("checkbox", { name: "channel_vacated" }).uncheck();
    await form.getByRole("textbox", { name: "Channels that begin with" }).fill("orders-");
    await form.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name: receiver.url() }).waitFor();
    await page.getByText("channels that begin with orders- · headers X-Tenant · several events").waitFor();

    const client = await RawClient.connect(server.port, { path: "/app/key-2002?protocol=7" });
    await client.subscribe("others");
    await client.subscribe("orders-1");
    const { events, headers } = await receiver.next();
    expect([events.map(({ channel }) => channel), headers["x-tenant"]]).toEqual([["orders-1"], "tenant-7"]);

    await page.getByRole("button", { name: `Change ${receiver.url()}` }).click();
    expect(await form.getByRole("textbox", { name: "Headers, one per line" }).inputValue()).toBe("X-Tenant: tenant-7");
    await form.getByRole("textbox", { name: "Channels that begin with" }).fill("");
    await form.getByRole("button", { name: "Save" }).click();
    await form.waitFor({ state: "detached" });
    await client.subscribe("anything");
    await receiver.next(({ channel }) => channel === "anything");

    const reader = await openAs("bob");
    await reader.getByText("headers X-Tenant").waitFor();
    expect(await reader.getByRole("button", { name: /Add webhook|Change|Remove/ }).count()).toBe(0);
    const answer = await reader.evaluate(async () => (await fetch("/console/api/apps/2002/webhooks")).text());
    expect(answer).toContain("X-Tenant");
    expect(answer).not.toContain("tenant-7");

    await page.getByRole("button", { name: `Remove ${receiver.url()}` }).click();
    await form.getByRole("button", { name: "Remove the webhook" }).click();
    await page.getByText("This app has no webhook").waitFor();
    expect(await admin().call("GET", "/admin/apps/2002")).toMatchObject({ settings: { webhooks: [] } });
    client.drop();
  }, 120_000);

  test("webhooks of the configuration are read-only, and the page says why", async () => {
    const fixed = await startServer({
      apps: [testApp({ webhooks: [webhook(receiver.url())] })],
      settings: { dataDirectory: mkdtempSync(join(folder, "fixed-")), allowPrivateWebhookTargets: true },
      ports: { consoleFiles },
    });
    const page = await browser.newPage();
    await openConsole(page, fixed, "webhooks");
    await page.getByText(/These webhooks come from/).waitFor();
    await page.getByRole("heading", { name: receiver.url() }).waitFor();
    expect(await page.getByRole("button", { name: /Add webhook|Change|Remove/ }).count()).toBe(0);
    await page.close();
    await fixed.close();
  }, 60_000);
});
