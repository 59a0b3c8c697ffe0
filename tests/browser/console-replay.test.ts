import { randomBytes } from "node:crypto";
import { Sealcast } from "@sealcast/server-sdk";
import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import Pusher from "pusher";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { chromiumPath, launchChromium } from "../fixtures/chromium.ts";
import { credentials } from "../fixtures/credentials.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { consoleFiles, openConsole } from "./fixtures/console-page.ts";

const masterKey = randomBytes(32).toString("base64");

describe.skipIf(chromiumPath === undefined)("sending an event again from the console", () => {
  let browser: Browser;
  let server: TestServer;
  let page: Page;
  let subscriber: RawClient;
  beforeAll(async () => {
    browser = await launchChromium();
    server = await startServer({ apps: [testApp({ maxEventBytes: 100_000 })], ports: { consoleFiles } });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
  });
  beforeEach(async () => {
    page = await browser.newPage();
    subscriber = await RawClient.connect(server.port);
    await openConsole(page, server, "log");
  }, 60_000);
  afterEach(async () => {
    subscriber.drop();
    await page.close();
  });

  const backendOf = (more: { readonly encryptionMasterKeyBase64?: string } = {}): Pusher =>
    new Pusher({ ...credentials, host: "127.0.0.1", port: String(server.port), useTLS: false, ...more });
  const panel = (): ReturnType<Page["locator"]> => page.getByRole("complementary", { name: "Selected entry" });
  const select = async (event: string): Promise<void> => {
    await page.locator(".log-row").filter({ hasText: "API message" }).filter({ hasText: event }).first().click();
  };
  const sendAgain = async (): Promise<void> => {
    await panel().getByRole("button", { name: "Send again" }).click();
    await page.getByRole("button", { name: "Send event" }).click();
    await page.getByText("Event sent successfully").last().waitFor();
  };
  const unlock = async (): Promise<void> => {
    await page.getByRole("button", { name: "Unlock" }).click();
    await page.getByRole("textbox", { name: /Master keys/ }).fill(masterKey);
    await page.getByRole("button", { name: "Unlock in this page" }).click();
  };

  test("a plain event comes a second time, with the same data", async () => {
    await subscriber.subscribe("orders");
    await backendOf().trigger("orders", "paid-plain", { total: 12 });
    const first = await subscriber.next("paid-plain");
    await select("paid-plain");
    await sendAgain();
    expect((await subscriber.next("paid-plain")).data).toBe(first.data);
  }, 60_000);

  test("the ciphertext of an encrypted channel is sent as it was; after Unlock, the data is sealed again", async () => {
    const channel = "private-encrypted-orders";
    const backend = backendOf({ encryptionMasterKeyBase64: masterKey });
    await subscriber.subscribe(channel);
    await backend.trigger(channel, "paid-encrypted", { word: "marzipan" });
    const first = await subscriber.next("paid-encrypted");
    await select("paid-encrypted");
    await panel().getByText("The ciphertext is sent as it is.").waitFor();
    await sendAgain();
    expect((await subscriber.next("paid-encrypted")).data).toBe(first.data);

    await unlock();
    await panel().getByText("The data is sealed again in this page.").waitFor();
    await sendAgain();
    const second = await subscriber.next("paid-encrypted");
    expect(second.data).not.toBe(first.data);
    await page.locator(".log-row").filter({ hasText: "paid-encrypted" }).first().click();
    await panel().getByText("marzipan").waitFor();
  }, 60_000);

  test("a sealed event is not repeated as it is: subscribers would discard it", async () => {
    const channel = "private-sealed-orders";
    const backend = new Sealcast({
      ...credentials,
      host: "127.0.0.1",
      port: server.port,
      useTLS: false,
      sealed: { ring: [{ key: masterKey }] },
    });
    await subscriber.subscribe(channel);
    await backend.trigger(channel, "paid-sealed", { word: "marzipan" });
    const first = await subscriber.next("paid-sealed");
    await select("paid-sealed");
    await panel().getByText("Unlock first to send it again").waitFor();
    expect(await panel().getByRole("button", { name: "Send again" }).count()).toBe(0);
    await unlock();
    await sendAgain();
    expect((await subscriber.next("paid-sealed")).data).not.toBe(first.data);
  }, 60_000);

  test("an event of which the log has only the beginning is not repeated", async () => {
    await backendOf().trigger("orders", "large", "x".repeat(20_000));
    await select("large");
    await panel().getByText("the log has only the beginning of its data").waitFor();
    expect(await panel().getByRole("button", { name: "Send again" }).count()).toBe(0);
  }, 60_000);

  test("an event for one user reaches the connections of this user only", async () => {
    await subscriber.signIn({ id: "ada" });
    await subscriber.subscribe("#server-to-user-ada");
    const other = await RawClient.connect(server.port);
    await other.signIn({ id: "bob" });
    await other.subscribe("#server-to-user-bob");
    await page.getByRole("button", { name: "Create event" }).click();
    await page.getByText("To one user").click();
    await page.getByRole("textbox", { name: "User id" }).fill("ada");
    await page.getByRole("textbox", { name: "Event" }).fill("hello");
    await page.getByRole("button", { name: "Send event" }).click();
    expect(await subscriber.next("hello")).toMatchObject({ channel: "#server-to-user-ada" });
    await select("hello");
    await sendAgain();
    await subscriber.next("hello");
    expect((await other.settled()).filter(({ event }) => event === "hello")).toEqual([]);
    other.drop();
  }, 60_000);
});
