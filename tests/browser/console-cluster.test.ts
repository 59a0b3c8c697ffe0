import { describeWithRedis } from "@sealcast/server-testing/redis";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServerCluster, type ServerCluster } from "../cluster/fixtures/server-cluster.ts";
import { publish } from "../fixtures/api-request.ts";
import { chromiumPath, launchChromium } from "../fixtures/chromium.ts";
import { RawClient } from "../fixtures/raw-client.ts";

describe.skipIf(chromiumPath === undefined)("in a browser", () => {
  describeWithRedis("the console of a cluster of two", () => {
    let browser: Browser;
    let cluster: ServerCluster;
    let page: Page;
    beforeAll(async () => {
      cluster = await startServerCluster(2);
      browser = await launchChromium();
      page = await browser.newPage();
    }, 120_000);
    afterAll(async () => {
      await browser.close();
      await cluster.close();
    });

    test("shows connections and events of both nodes, closes a connection on the other, and survives that one leaving", async () => {
      const [here = 0, there = 0] = cluster.servers.map(({ port }) => port);
      await page.goto(`http://127.0.0.1:${here}/console#/log`);
      await page.getByText("Live", { exact: true }).waitFor();
      // Until both nodes report, what happens on the other one is not shown.
      await page.getByRole("link", { name: "Overview" }).click();
      const nodes = page.getByRole("region", { name: "Nodes" }).getByRole("row");
      await expect.poll(() => nodes.count(), { timeout: 20_000 }).toBe(3);

      const client = await RawClient.connect(there);
      await client.subscribe("orders");
      await publish(there, "orders", "paid", "{}");
      await page.getByRole("link", { name: "Live log", exact: true }).click();
      const message = page.locator(".log-row").filter({ hasText: "Event: paid" });
      await message.click();
      const panel = page.getByRole("complementary", { name: "Selected entry" });
      const node = await panel.locator("dd").last().textContent();
      expect(await message.count()).toBe(1);

      await page.getByRole("link", { name: "Connections" }).click();
      const row = page.getByRole("row").filter({ hasText: client.socketId });
      await row.waitFor();
      expect(await row.textContent()).toContain(node);
      await row.getByRole("button", { name: /^Close/ }).click();
      expect((await client.closed).code).toBe(4103);

      await cluster.servers[1]?.end("SIGKILL");
      await page.getByRole("link", { name: "Overview" }).click();
      await nodes
        .filter({ hasText: node ?? "" })
        .getByText(/^No report for/)
        .waitFor();
      await page.locator(".card").filter({ hasText: "Nodes" }).getByText("1", { exact: true }).waitFor();
      await publish(here, "orders", "still-here", "{}");
      await page.getByRole("link", { name: "Live log", exact: true }).click();
      await page.locator(".log-row").filter({ hasText: "still-here" }).waitFor();
    }, 120_000);
  });
});
