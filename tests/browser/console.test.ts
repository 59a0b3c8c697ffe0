import { randomBytes } from "node:crypto";
import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import type { AppId, AppKey } from "@sealcast/protocol";
import Pusher from "pusher";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { chromiumPath, launchChromium } from "../fixtures/chromium.ts";
import { localOptions, PusherJs } from "../fixtures/pusher-js.ts";
import { axeViolations } from "./fixtures/axe-violations.ts";
import { consoleFiles, openConsole, pageNames, quickHashOf, signIn as signInAt } from "./fixtures/console-page.ts";

const masterKey = randomBytes(32).toString("base64");
const developmentApp = testApp({
  id: "1001" as AppId,
  credentials: [{ key: "app-key" as AppKey, secret: "app-secret" }],
});

describe.skipIf(chromiumPath === undefined)("the console", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  }, 60_000);
  afterAll(() => browser.close());

  let server: TestServer;
  let context: BrowserContext;
  let page: Page;
  beforeEach(async () => {
    server = await startServer({ apps: [developmentApp], ports: { consoleFiles } });
    context = await browser.newContext();
    page = await context.newPage();
  }, 60_000);
  afterEach(async () => {
    await context.close();
    await server.close();
  });

  const open = (name: string): Promise<void> => openConsole(page, server, name);

  test("shows connections, subscriptions, events and refusals of official libraries as they happen", async () => {
    await open("log");
    const client = connect(server, "my-channel");
    await row("Subscribed").filter({ hasText: "Channel: my-channel" }).first().waitFor();
    await backendOf(server).trigger("my-channel", "greeting", { text: "hello" });
    await row("API message").filter({ hasText: "Event: greeting" }).click();
    const panel = page.getByRole("complementary", { name: "Selected entry" });
    expect(await panel.locator("pre").textContent()).toContain('"text": "hello"');
    await fetch(`${server.url}/apps/1001/channels`);
    await row("API error").filter({ hasText: "401 GET /apps/1001/channels" }).waitFor();
    client.disconnect();
    await row("Disconnection").filter({ hasText: "Channels: my-channel" }).waitFor();
  }, 60_000);

  test("the filter keeps what matches, and its link shows the same", async () => {
    await open("log");
    await backendOf(server).trigger("orders", "paid", {});
    await backendOf(server).trigger("prices", "changed", {});
    await row("API message").nth(1).waitFor();
    await page.getByRole("searchbox", { name: "Filter the log" }).fill("channel:orders");
    await expect.poll(() => row("API message").count()).toBe(1);
    await expect.poll(() => page.url()).toContain("filter=channel%3Aorders");
    await page.reload();
    await expect
      .poll(() => page.getByRole("searchbox", { name: "Filter the log" }).inputValue())
      .toBe("channel:orders");
  }, 60_000);

  test("encrypted events are ciphertext until they are unlocked in the page, and no request carries the key", async () => {
    const sent: string[] = [];
    await context.route("**/*", async (route) => {
      const request = route.request();
      sent.push(request.url(), request.postData() ?? "", JSON.stringify(await request.allHeaders()));
      await route.continue();
    });
    await open("log");
    await backendOf(server).trigger("private-encrypted-orders", "paid", { secret: "marzipan" });
    await row("API message").filter({ hasText: "private-encrypted-orders" }).click();
    const panel = page.getByRole("complementary", { name: "Selected entry" });
    expect(await panel.locator("pre").textContent()).toContain('"ciphertext"');
    expect(await page.content()).not.toContain("marzipan");

    await page.getByRole("button", { name: "Unlock" }).click();
    await page.getByRole("textbox", { name: /Master keys/ }).fill(masterKey);
    await page.getByRole("button", { name: "Unlock in this page" }).click();
    await expect.poll(() => panel.locator("pre").textContent()).toContain("marzipan");

    await page.getByRole("button", { name: "Create event" }).click();
    await page.getByRole("textbox", { name: "Channel" }).fill("private-encrypted-orders");
    await page.getByRole("textbox", { name: "Event" }).fill("refunded");
    await page.getByRole("textbox", { name: "Data" }).fill('{"secret":"nougat"}');
    await page.getByRole("button", { name: "Send event" }).click();
    await row("API message").filter({ hasText: "Event: refunded" }).click();
    await expect.poll(() => panel.locator("pre").textContent()).toContain("nougat");

    const everything = sent.join("\n");
    for (const secret of [masterKey, "marzipan", "nougat"]) expect(everything).not.toContain(secret);
    expect(await context.storageState()).toEqual({ cookies: [], origins: expect.anything() as unknown });
    expect(JSON.stringify(await context.storageState())).not.toContain(masterKey);
  }, 60_000);

  test("lists channels with members and kept events, and connections, which it closes", async () => {
    const client = connect(server, "presence-room", "cache-price");
    await new Promise((resolve) => client.channel("presence-room").bind("pusher:subscription_succeeded", resolve));
    await backendOf(server).trigger("cache-price", "price", { now: 12 });
    await open("channels");
    await page.getByRole("button", { name: "presence-room" }).click();
    await page.getByText("1 subscription of 1 user").waitFor();
    await page.getByRole("button", { name: "cache-price" }).click();
    await page.getByText('"now": 12').waitFor();
    await page.getByRole("link", { name: "Connections" }).click();
    const { socket_id: socketId } = client.connection;
    await page.getByRole("row", { name: socketId }).getByRole("cell", { name: "0 B" }).waitFor();
    await page.getByRole("button", { name: `Close ${socketId}` }).click();
    await page.getByText(`Connection ${socketId} was closed`).waitFor();
    await expect.poll(() => client.connection.socket_id).not.toBe(socketId);
  }, 60_000);

  test("comes back by itself after the server was restarted", async () => {
    await open("log");
    const { port } = server;
    await server.close();
    await page.getByText("The connection to the server is lost").waitFor();
    server = await startServer({ apps: [developmentApp], settings: { port }, ports: { consoleFiles } });
    await page.getByText("Live", { exact: true }).waitFor();
    await backendOf(server).trigger("my-channel", "after-restart", {});
    await row("API message").filter({ hasText: "after-restart" }).waitFor();
    expect(await page.getByText("The connection to the server is lost").count()).toBe(0);
  }, 60_000);

  test("has no violation that axe finds, on any page, in both themes", async () => {
    const client = connect(server, "presence-room");
    await new Promise((resolve) => client.channel("presence-room").bind("pusher:subscription_succeeded", resolve));
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      for (const name of pageNames) {
        await open(name);
        await backendOf(server).trigger("my-channel", "greeting", {});
        const violations = await axeViolations(page);
        expect(violations, `${name}, ${colorScheme}`).toEqual([]);
      }
    }
  }, 120_000);

  describe("with operators", () => {
    const passwords = { ada: "correct horse", bob: "battery staple" };
    let secured: TestServer;
    beforeEach(async () => {
      secured = await startServer({
        ports: { consoleFiles },
        apps: [
          testApp({ id: "1001" as AppId }),
          testApp({ id: "1002" as AppId, credentials: [{ key: "k2" as AppKey, secret: "secret-2" }] }),
        ],
        operators: [
          { name: "ada", role: "admin", passwordHash: quickHashOf(passwords.ada) },
          { name: "bob", role: "read-only", passwordHash: quickHashOf(passwords.bob), apps: ["1002"] },
        ],
      });
    }, 60_000);
    afterEach(() => secured.close());

    const signIn = (name: string, password: string): Promise<void> => signInAt(page, secured, name, password);

    test("nobody sees anything without a password; a wrong one is refused", async () => {
      for (const path of ["/apps", "/apps/1001/channels", "/apps/1001/connections", "/apps/1001/stream?types=error"]) {
        expect((await fetch(`${secured.url}/console/api${path}`)).status).toBe(401);
      }
      await signIn("ada", "wrong");
      await page.getByText("Name or password is wrong").waitFor();
      await signIn("ada", passwords.ada);
      await page.getByText("Live", { exact: true }).waitFor();
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByRole("button", { name: "Sign in" }).waitFor();
    }, 60_000);

    test("attempts are limited", async () => {
      const url = `${secured.url}/console/api/login`;
      const body = '{"name":"ada","password":"x"}';
      const answers = await Promise.all(Array.from({ length: 12 }, () => fetch(url, { method: "POST", body })));
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
      expect(answers.filter(({ status }) => status === 429)).toHaveLength(2);
    }, 60_000);

    test("a read-only operator sees the granted app, and cannot change anything", async () => {
      await signIn("bob", passwords.bob);
      await page.getByText("Live", { exact: true }).waitFor();
      expect(await page.getByRole("option").allTextContents()).toEqual(["App 1002"]);
      await page.getByRole("link", { name: "Live log", exact: true }).click();
      await page.getByRole("heading", { name: "Live log" }).waitFor();
      expect(await page.getByRole("button", { name: "Create event" }).count()).toBe(0);
      const statuses = await page.evaluate(async () => {
        const session = (await (await fetch("/console/api/session")).json()) as { token: string };
        const answers = await Promise.all(
          [session.token, "wrong"].map((token) =>
            fetch("/console/api/apps/1002/events", {
              method: "POST",
              body: "{}",
              headers: { "X-Console-Token": token },
            }),
          ),
        );
        answers.push(await fetch("/console/api/apps/1001/channels"));
        return answers.map(({ status }) => status);
      });
      expect(statuses).toEqual([403, 403, 404]);
    }, 60_000);
  });

  function row(label: string): ReturnType<Page["locator"]> {
    return page.locator(".log-row").filter({ hasText: label });
  }
});

function backendOf({ port }: TestServer): Pusher {
  const app = { appId: "1001", key: "app-key", secret: "app-secret" };
  return new Pusher({
    ...app,
    host: "127.0.0.1",
    port: String(port),
    useTLS: false,
    encryptionMasterKeyBase64: masterKey,
  });
}

/** An official client on these channels. */
function connect(server: TestServer, ...channels: readonly string[]): PusherJs {
  const backend = backendOf(server);
  const client = new PusherJs("app-key", {
    ...localOptions(server.port),
    channelAuthorization: {
      transport: "ajax",
      endpoint: "",
      customHandler: ({ socketId, channelName }, done) =>
        done(null, backend.authorizeChannel(socketId, channelName, { user_id: "ada" })),
    },
  });
  onTestFinished(() => client.disconnect());
  for (const channel of channels) client.subscribe(channel);
  return client;
}
