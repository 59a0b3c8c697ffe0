import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer, type TestServer } from "@sealcast/server-testing";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AdminClient, adminToken } from "../apps/admin-client.ts";
import { chromiumPath, launchChromium } from "../fixtures/chromium.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { axeViolations } from "./fixtures/axe-violations.ts";
import { consoleFiles, openConsole, pageNames, quickHashOf, signIn } from "./fixtures/console-page.ts";

const password = "correct horse";
const looks = [
  ["light", 1_280],
  ["dark", 1_280],
  ["light", 390],
  ["dark", 390],
] as const;

/** What opens over a page: the page, and the button that opens it. */
const overlays = [
  ["the form of an event", "log", "Create event"],
  ["the form that unlocks", "log", "Unlock"],
  ["the form of an app", "apps", "Create app"],
  ["a setting", "apps", "Change maxConnections"],
  ["the question before a key is retired", "apps", "Retire key-2002"],
  ["the question before an app is disabled", "apps", "Disable app"],
  ["the question before an app is deleted", "apps", "Delete app"],
  ["the form of a new webhook", "webhooks", "Add webhook"],
  ["the form of a webhook", "webhooks", "Change https://hooks.example.com/"],
  ["the question before a webhook is removed", "webhooks", "Remove https://hooks.example.com/"],
  ["new credentials", "apps", "Add a key"],
] as const;

describe.skipIf(chromiumPath === undefined)("axe finds no violation in the console", () => {
  const folder = mkdtempSync(join(tmpdir(), "sealcast-console-axe-"));
  let browser: Browser;
  let server: TestServer;
  let client: RawClient;
  beforeAll(async () => {
    server = await startServer({
      apps: [],
      settings: { appDatabase: `sqlite:${join(folder, "apps.db")}`, dataDirectory: folder, adminToken },
      ports: { consoleFiles },
      operators: [{ name: "ada", role: "admin", passwordHash: quickHashOf(password) }],
    });
    const admin = new AdminClient(server.url);
    const webhooks = [{ url: "https://hooks.example.com/", events: ["cache_miss"], headers: { "X-Tenant": "7" } }];
    await admin.call("POST", "/admin/apps", {
      id: "2002",
      key: "key-2002",
      secret: "secret-2002",
      settings: { webhooks },
    });
    await admin.call("POST", "/admin/apps/2002/keys", { key: "second-2002" });
    client = await RawClient.connect(server.port, { path: "/app/key-2002?protocol=7" });
    await client.subscribe("orders");
    browser = await launchChromium();
  }, 60_000);
  afterAll(async () => {
    client.drop();
    await browser.close();
    await server.close();
    rmSync(folder, { recursive: true });
  });

  test.each(looks)(
    "on any page and in any dialog: %s, %i pixels wide",
    async (colorScheme, width) => {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
      const page = await context.newPage();
      const found: string[] = [];
      const check = async (title: string): Promise<void> => {
        found.push(...(await axeViolations(page)).map((violation) => `${title}: ${violation}`));
      };
      await page.goto(`${server.url}/console`);
      await page.getByRole("button", { name: "Sign in" }).waitFor();
      await check("sign-in");
      await signIn(page, server, "ada", "wrong");
      await page.getByText("Name or password is wrong").waitFor();
      await check("refused sign-in");
      await signIn(page, server, "ada", password);
      await page.getByRole("status").getByText("Live", { exact: true }).waitFor();
      for (const name of pageNames) {
        await openConsole(page, server, name);
        await page.locator("main h1").waitFor();
        await check(name);
      }
      await openConsole(page, server, "channels");
      await page.getByRole("button", { name: "orders" }).click();
      await page.getByText("1 subscription").waitFor();
      await check("the panel of a channel");
      await openConsole(page, server, "connections");
      await page.getByText("1", { exact: true }).click();
      await page.getByText("orders", { exact: true }).waitFor();
      await check("the channels of a connection");
      for (const [title, name, button] of overlays) {
        await openOverlay(page, name, button);
        await check(title);
      }
      await page.reload();
      await openConsole(page, server, "log");
      await page.getByText("Log types").click();
      await page.getByRole("checkbox", { name: "Subscribed", exact: true }).waitFor();
      await check("the menu of types");
      expect(found).toEqual([]);
      await context.close();
    },
    180_000,
  );

  async function openOverlay(page: Page, name: string, button: string): Promise<void> {
    // Another page first, so that no dialog is left open.
    await openConsole(page, server, "overview");
    await page.reload();
    await openConsole(page, server, name);
    await page.getByRole("button", { name: button, exact: true }).click();
    await page.getByRole("dialog").waitFor();
  }
});
