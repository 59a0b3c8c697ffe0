import type { SingleSignOnSettings } from "@sealcast/server";
import { freePort, startServer, type TestServer } from "@sealcast/server-testing";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { OpenIdSignOn } from "../../packages/cli/src/start/openid-sign-on.ts";
import { chromiumPath, launchChromium } from "../fixtures/chromium.ts";

import { consoleFiles, quickHashOf } from "./fixtures/console-page.ts";
import { clientCredentials, startOpenIdProvider, type OpenIdProvider } from "./fixtures/openid-provider.ts";

describe.skipIf(chromiumPath === undefined)("single sign-on at a real OpenID provider", () => {
  const lines: string[] = [];
  const write = (event: string, fields?: object): void => void lines.push(event + JSON.stringify(fields));
  const log = { level: "debug", debug: write, info: write, warn: write, error: write } as const;
  let browser: Browser;
  let provider: OpenIdProvider;
  let server: TestServer;
  let oidc: SingleSignOnSettings;
  let context: BrowserContext;
  let page: Page;
  beforeAll(async () => {
    const port = await freePort();
    const publicUrl = `http://127.0.0.1:${port}`;
    provider = await startOpenIdProvider(publicUrl);
    oidc = {
      ...clientCredentials,
      issuer: provider.issuer,
      publicUrl,
      scope: "openid profile email",
      claim: "groups",
      grants: [
        { value: "admins", role: "admin" },
        { value: "support", role: "read-only", apps: ["none"] },
      ],
    };
    server = await startServer({
      settings: { port },
      ports: { consoleFiles, singleSignOn: new OpenIdSignOn(oidc, log) },
      oidc,
      log,
    });
    browser = await launchChromium();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
    await provider.close();
  });
  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
  });
  afterEach(() => context.close());

  /** Begins at the console, and signs in at the provider. */
  const signOn = async (login: string): Promise<void> => {
    await page.goto(`${server.url}/console`);
    await page.getByRole("link", { name: "Sign in with single sign-on" }).click();
    await page.locator("input[name=login]").fill(login);
    await page.locator("input[name=password]").fill("anything");
    await page.getByRole("button", { name: "Sign-in" }).click();
    await page.getByRole("button", { name: "Continue" }).click();
  };
  const session = async (): Promise<unknown> =>
    page.evaluate(async () => ((await (await fetch("/console/api/session")).json()) as { operator: unknown }).operator);

  test("a user with a role signs in, and signs out at the provider, too", async () => {
    await signOn("ada+staff+admins");
    await page.getByText("Live", { exact: true }).waitFor();
    expect(await session()).toEqual({ name: "ada@example.com", role: "admin", seesAllApps: true });
    expect(await consoleCookies(context)).toEqual([
      expect.objectContaining({ path: "/console", httpOnly: true, sameSite: "Strict" }),
    ]);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Yes, sign me out" }).click();
    await page.getByRole("link", { name: "Sign in with single sign-on" }).click();
    // The provider asks again: its own session has ended.
    await page.locator("input[name=login]").waitFor();
    expect(lines.join("\n")).toContain('"operator":"ada@example.com","action":"sign-in"');
  }, 60_000);

  test("the first row that fits decides what a user sees", async () => {
    await signOn("bob+support");
    await page.getByText("There is no app that you may see").waitFor();
    expect(await session()).toEqual({ name: "bob@example.com", role: "read-only", seesAllApps: false });
  }, 60_000);

  test("a user without a role does not get in", async () => {
    await signOn("eve+staff");
    await page.getByText("You have no role in this console").waitFor();
    expect(await session()).toBeUndefined();
    expect(await consoleCookies(context)).toEqual([]);
  }, 60_000);

  test("[SSO1] a wrong state, a second use, another browser and a refusal of the provider do not get in", async () => {
    let returned = "";
    page.on("request", (request) => {
      if (request.url().includes("/console/signed-on")) returned = request.url();
    });
    await signOn("ada+admins");
    await page.getByText("Live", { exact: true }).waitFor();

    const other = await browser.newContext();
    const stranger = await other.newPage();
    await stranger.goto(returned);
    await stranger.getByText("it began in another browser").waitFor();
    await stranger.getByRole("link", { name: "Sign in with single sign-on" }).click();
    const begun = new URL(stranger.url());
    await stranger.goto(returned);
    await stranger.getByText("The sign-in was refused").waitFor();
    expect(begun.origin).toBe(provider.issuer);
    await other.close();

    for (const query of ["", "code=x", `code=x&state=${stateOf(returned)}`, "error=access_denied&state=x"]) {
      const fresh = await browser.newContext();
      const visitor = await fresh.newPage();
      await visitor.goto(`${server.url}/console/sign-on`);
      await visitor.goto(`${server.url}/console/signed-on?${query}`);
      await visitor.getByText("The sign-in was refused").waitFor();
      const cookies = await consoleCookies(fresh);
      expect(cookies, `cookies after ?${query}`).toEqual([]);
      await fresh.close();
    }
    expect(lines.filter((line) => line.includes('"outcome":"refused"')).length).toBeGreaterThanOrEqual(5);
    expect(lines.join("\n")).not.toContain(clientCredentials.clientSecret);
    expect(lines.join("\n")).not.toContain(stateOf(returned));
  }, 60_000);

  test("[SSO2] without the provider nobody gets in, and with it again everybody does", async () => {
    const port = await freePort();
    const settings = { ...oidc, issuer: `http://127.0.0.1:${port}` };
    const lonely = await startServer({
      ports: { consoleFiles, singleSignOn: new OpenIdSignOn(settings, log) },
      operators: [{ name: "ada", role: "admin", passwordHash: quickHashOf("correct horse") }],
      oidc: settings,
    });
    await page.goto(`${lonely.url}/console`);
    await page.getByRole("link", { name: "Sign in with single sign-on" }).click();
    await page.getByText("The sign-in service does not answer").waitFor();
    expect(lines.join("\n")).toContain("console.sign_on_unavailable");
    await page.getByRole("textbox", { name: "Name" }).waitFor();
    const late = await startOpenIdProvider(oidc.publicUrl, port);
    await page.getByRole("link", { name: "Sign in with single sign-on" }).click();
    await page.waitForURL(`${late.issuer}/**`);
    await lonely.close();
    await late.close();
  }, 60_000);

  test("a configuration with a provider that the process cannot ask opens nothing to this machine", async () => {
    const closed = await startServer({ ports: { consoleFiles }, oidc });
    expect((await fetch(`${closed.url}/console`)).status).toBe(404);
    await closed.close();
  });
});

/** Cookies of the console; those of the provider belong to the same address. */
async function consoleCookies(context: BrowserContext): Promise<unknown[]> {
  return (await context.cookies()).filter(({ name }) => name === "sealcast_console");
}

function stateOf(url: string): string {
  return new URL(url).searchParams.get("state") ?? "";
}
