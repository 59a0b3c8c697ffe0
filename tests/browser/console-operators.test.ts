import { startServer, type TestServer } from "@sealcast/server-testing";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { publish } from "../fixtures/api-request.ts";
import { chromiumPath, launchChromium } from "../fixtures/chromium.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { consoleFiles, quickHashOf, signIn } from "./fixtures/console-page.ts";

describe.skipIf(chromiumPath === undefined)("two operators at once", () => {
  let browser: Browser;
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({
      ports: { consoleFiles },
      operators: [
        { name: "ada", role: "admin", passwordHash: quickHashOf("correct horse") },
        { name: "bob", role: "read-only", passwordHash: quickHashOf("battery staple") },
      ],
    });
    browser = await launchChromium();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  const openLog = async (name: string, password: string): Promise<Page> => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await signIn(page, server, name, password);
    await page.getByText("Live", { exact: true }).waitFor();
    await page.getByRole("link", { name: "Live log", exact: true }).click();
    return page;
  };
  test("each operator sees all events and what the other one does; log types and sessions are separate", async () => {
    const ada = await openLog("ada", "correct horse");
    const bob = await openLog("bob", "battery staple");
    await publish(server.port, "orders", "paid", "{}");
    await Promise.all([ada, bob].map((page) => row(page, "Event: paid").waitFor()));

    // One of them stops a type at the source; the other goes on to see it.
    await bob.getByText("Log types").click();
    await bob.getByRole("checkbox", { name: "API message" }).uncheck();
    await bob.getByText("Live", { exact: true }).waitFor();
    await ada.getByRole("button", { name: "Create event" }).click();
    await ada.getByRole("textbox", { name: "Channel" }).fill("orders");
    await ada.getByRole("textbox", { name: "Event" }).fill("refunded");
    await ada.getByRole("button", { name: "Send event" }).click();
    await row(ada, "Event: refunded").waitFor();
    await row(bob, "Operator action").filter({ hasText: "Operator: ada, Action: send-event, About: orders" }).waitFor();
    const client = await RawClient.connect(server.port);
    await row(bob, client.socketId).waitFor();
    expect(await row(bob, "Event: refunded").count()).toBe(0);

    await ada.getByRole("link", { name: "Connections" }).click();
    await ada.getByRole("button", { name: `Close ${client.socketId}` }).click();
    await row(bob, "Disconnection").filter({ hasText: "4103" }).waitFor();

    await ada.getByRole("button", { name: "Sign out" }).click();
    await ada.getByRole("button", { name: "Sign in" }).waitFor();
    const later = await RawClient.connect(server.port);
    await row(bob, later.socketId).waitFor();
    later.drop();
  }, 60_000);

  test("an operator whose session has ended is asked to sign in again, not shown an empty page", async () => {
    const page = await openLog("ada", "correct horse");
    await page.context().clearCookies();
    await page.getByRole("link", { name: "Connections" }).click();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    expect(await page.getByRole("heading", { name: "Connections" }).count()).toBe(0);
  }, 60_000);
});

function row(page: Page, text: string): ReturnType<Page["locator"]> {
  return page.locator(".log-row").filter({ hasText: text });
}
