import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer, type TestServer } from "@sealcast/server-testing";
import Pusher from "pusher";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, launchChromium } from "../fixtures/chromium.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { axeViolations } from "./fixtures/axe-violations.ts";
import { consoleFiles, quickHashOf, signIn } from "./fixtures/console-page.ts";

const passwords = { ada: "correct horse", eve: "battery staple", bob: "purple monkey" };

describe.skipIf(chromiumPath === undefined)("apps in a database, in the console", () => {
  const folder = mkdtempSync(join(tmpdir(), "sealcast-console-apps-"));
  const lines: string[] = [];
  const write = (event: string, fields?: object): void => void lines.push(event + JSON.stringify(fields));
  const log = { level: "debug", debug: write, info: write, warn: write, error: write } as const;
  let browser: Browser;
  let server: TestServer;
  let page: Page;
  beforeAll(async () => {
    server = await startServer({
      apps: [],
      settings: { appDatabase: `sqlite:${join(folder, "apps.db")}` },
      ports: { consoleFiles },
      operators: [
        { name: "ada", role: "admin", passwordHash: quickHashOf(passwords.ada) },
        { name: "eve", role: "admin", passwordHash: quickHashOf(passwords.eve), apps: ["2002"] },
        { name: "bob", role: "read-only", passwordHash: quickHashOf(passwords.bob) },
      ],
      log,
    });
    browser = await launchChromium();
    page = await browser.newPage();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
    rmSync(folder, { recursive: true });
  });

  const dialog = (): ReturnType<Page["locator"]> => page.getByRole("dialog");
  const credentials = async (): Promise<string[]> => {
    await dialog().getByText("It is shown only now").waitFor();
    const texts = await dialog().locator("dd.mono").allTextContents();
    await dialog().getByRole("button", { name: "Done" }).click();
    return texts;
  };

  test("the first app is created, used, changed, rotated, disabled and deleted", async () => {
    await signIn(page, server, "ada", passwords.ada);
    await page.getByText("There is no app yet").waitFor();
    await page.getByRole("button", { name: "Create the first app" }).click();
    await dialog().getByRole("textbox", { name: "Id" }).fill("2002");
    await dialog()
      .getByRole("checkbox", { name: /Client events/ })
      .check();
    await dialog().getByRole("button", { name: "Create app" }).click();
    const [id = "", key = "", secret = ""] = await credentials();
    expect(id).toBe("2002");

    await page.getByRole("link", { name: "Apps", exact: true }).click();
    await page.getByRole("row", { name: new RegExp(`${key} Active`) }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    const client = await RawClient.connect(server.port, { path: `/app/${key}?protocol=7` });
    await client.subscribe("orders");
    await libraryOf(server, key, secret).trigger("orders", "placed", {});
    await client.next("placed");

    await page.getByRole("switch", { name: "subscriptionCount" }).click();
    await page.getByText("subscriptionCount is on").waitFor();
    await page.getByRole("button", { name: "Change maxConnections" }).click();
    await dialog().getByRole("textbox", { name: "maxConnections" }).fill("-1");
    await dialog().getByRole("button", { name: "Save" }).click();
    await dialog()
      .getByText(/Invalid setting maxConnections: a whole number/)
      .waitFor();
    await dialog().getByRole("textbox", { name: "maxConnections" }).fill("1");
    await dialog().getByRole("button", { name: "Save" }).click();
    await page.getByText("maxConnections was changed").waitFor();
    expect((await new RawClient(server.port, { path: `/app/${key}?protocol=7` }).closed).code).toBe(4004);

    await page.getByRole("button", { name: "Add a key" }).click();
    const [newKey = "", newSecret = ""] = await credentials();
    await libraryOf(server, newKey, newSecret).trigger("orders", "moved", {});
    await client.next("moved");
    await page.getByRole("button", { name: `Retire ${key}` }).click();
    await dialog().getByRole("button", { name: "Retire the key" }).click();
    await page.getByRole("row", { name: new RegExp(`${key} Retired`) }).waitFor();
    await expect(libraryOf(server, key, secret).trigger("orders", "late", {})).rejects.toThrow(
      "Unexpected status code 401",
    );
    await page.reload();
    await page.getByRole("region", { name: "Usage" }).getByRole("row").nth(1).waitFor();

    await page.getByRole("button", { name: "Disable app" }).click();
    await dialog().getByRole("button", { name: "Disable the app" }).click();
    expect((await client.closed).code).toBe(4003);
    await page.getByRole("button", { name: "Enable app" }).click();
    await page.getByText("App 2002 is enabled").waitFor();
    const again = await RawClient.connect(server.port, { path: `/app/${newKey}?protocol=7` });
    again.drop();

    await page.getByRole("button", { name: "Delete app" }).click();
    const confirm = dialog().getByRole("button", { name: "Delete the app" });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog()
      .getByRole("textbox", { name: /Type 2002/ })
      .fill("2002");
    await confirm.click();
    await page.getByText("There is no app yet").waitFor();

    const text = await page.content();
    const audit = lines.filter((line) => line.startsWith("console.operator_acted")).join("\n");
    for (const hidden of [secret, newSecret, passwords.ada]) {
      expect(text + lines.join("\n")).not.toContain(hidden);
    }
    for (const action of ["sign-in", "create-app", "change-app", "add-key", "retire-key", "delete-app"]) {
      expect(audit).toContain(`"operator":"ada","action":"${action}"`);
    }
    expect(audit).toMatch(/"action":"change-app","app":"2002","subject":"","outcome":"refused","status":400/);
    expect(audit).toContain(`"action":"retire-key","app":"2002","subject":"${key}","outcome":"done","status":200`);
  }, 120_000);

  test("operators who see only some apps cannot create one, and read-only operators change nothing", async () => {
    const change = { method: "POST", body: { settings: {} } };
    const eve = await sessionOf("eve");
    expect(await eve("/apps", change)).toEqual([403, { error: "You may change only the apps that you see" }]);
    const ada = await sessionOf("ada");
    expect((await ada("/apps", { method: "POST", body: { id: "2002", settings: {} } }))[0]).toBe(200);
    expect((await ada("/apps", { method: "POST", body: { id: "3003", settings: {} } }))[0]).toBe(200);
    expect((await eve("/apps/2002", { method: "PATCH", body: { clientEvents: true } }))[0]).toBe(200);
    expect((await eve("/apps/3003", { method: "PATCH", body: { clientEvents: true } }))[0]).toBe(404);
    const bob = await sessionOf("bob");
    for (const [path, method] of [
      ["/apps", "POST"],
      ["/apps/2002", "PATCH"],
      ["/apps/2002", "DELETE"],
      ["/apps/2002/keys", "POST"],
      ["/apps/2002/keys/x", "DELETE"],
    ] as const) {
      const [status] = await bob(path, { method, body: {} });
      expect(status, `${method} ${path}`).toBe(403);
    }
    expect((await bob("/apps/2002/usage"))[0]).toBe(200);
    await page.context().clearCookies();
    await signIn(page, server, "bob", passwords.bob);
    await page.getByRole("link", { name: "Apps", exact: true }).click();
    await page.getByRole("heading", { name: "App 2002" }).waitFor();
    for (const name of ["Create app", "Add a key", "Delete app"]) {
      const count = await page.getByRole("button", { name }).count();
      expect(count, `button ${name}`).toBe(0);
    }
    expect(await page.getByRole("switch", { name: "forceTls", includeHidden: true }).isDisabled()).toBe(true);
  }, 90_000);

  /** A function that sends requests to the console's API as an operator. */
  async function sessionOf(name: keyof typeof passwords): Promise<Ask> {
    const api = `${server.url}/console/api`;
    const body = JSON.stringify({ name, password: passwords[name] });
    const signedIn = await fetch(`${api}/login`, { method: "POST", body });
    const cookie = (signedIn.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const session = (await (await fetch(`${api}/session`, { headers: { cookie } })).json()) as { token: string };
    return async (path, change) => {
      const headers = { cookie, "x-console-token": session.token };
      const init = change && { method: change.method, body: JSON.stringify(change.body) };
      const answer = await fetch(api + path, { headers, ...init });
      return [answer.status, await answer.json()];
    };
  }
});

type Ask = (path: string, change?: { method: string; body: unknown }) => Promise<readonly [number, unknown]>;

function libraryOf({ port }: TestServer, key: string, secret: string): Pusher {
  return new Pusher({ appId: "2002", key, secret, host: "127.0.0.1", port: String(port), useTLS: false });
}
