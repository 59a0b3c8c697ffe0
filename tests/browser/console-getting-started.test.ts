import { spawn } from "node:child_process";
import { once } from "node:events";
import { startServer, type TestServer } from "@sealcast/server-testing";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { chromiumPath, launchChromium } from "../fixtures/chromium.ts";
import { root } from "../fixtures/repository.ts";
import { consoleFiles, openConsole } from "./fixtures/console-page.ts";

describe.skipIf(chromiumPath === undefined)("the programs of the page Getting started", () => {
  let browser: Browser;
  let server: TestServer;
  let page: Page;
  beforeAll(async () => {
    server = await startServer({ ports: { consoleFiles } });
    browser = await launchChromium();
    page = await browser.newPage();
    await openConsole(page, server, "getting-started");
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  test.each(["@sealcast/server-sdk", "pusher (Node.js)"])(
    "a client gets what a backend with %s publishes, and what the button of the page sends",
    async (library) => {
      const client = run(await programOf("Client library", "@sealcast/client"));
      onTestFinished(() => void client.kill());
      const printed: string[] = [];
      client.stdout.setEncoding("utf8").on("data", (text: string) => printed.push(text));
      // The client prints nothing before it gets an event, so that the button is pressed until it has one.
      await expect
        .poll(
          async () => {
            await page.getByRole("button", { name: "Send my-event to my-channel" }).click();
            return printed.join("");
          },
          { timeout: 30_000, interval: 500 },
        )
        .toContain("Hello from the console");
      const backend = run(await programOf("Server library", library));
      expect(await once(backend, "close")).toEqual([0, null]);
      await expect.poll(() => printed.join(""), { timeout: 10_000 }).toContain("{ message: 'Hello' }");
    },
    60_000,
  );

  test("every program has the server's own address and the key", async () => {
    const wanted = ["127.0.0.1", String(server.port), "app-key"];
    const wrong: string[] = [];
    for (const group of ["Client library", "Server library"]) {
      for (const label of await page.getByRole("group", { name: group }).locator("label").allTextContents()) {
        const program = await programOf(group, label);
        if (program.includes("app-secret") || !wanted.every((text) => program.includes(text))) wrong.push(label);
      }
    }
    expect(wrong).toEqual([]);
  }, 60_000);

  async function programOf(group: string, label: string): Promise<string> {
    const tabs = page.getByRole("group", { name: group });
    await tabs.getByText(label, { exact: true }).click();
    return page.locator(".snippets").filter({ has: tabs }).locator("code").innerText();
  }
});

/** Runs a program as a module of the repository. */
function run(program: string): ReturnType<typeof spawn> & { stdout: NodeJS.ReadableStream } {
  const env = { ...process.env, PUSHER_SECRET: "app-secret" };
  return spawn(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
}
