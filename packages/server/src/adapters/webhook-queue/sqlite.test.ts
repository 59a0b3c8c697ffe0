import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { webhookQueueContract } from "@sealcast/server-testing/contracts";
import { afterAll, describe, expect, test } from "vitest";
import type { WebhookOffer } from "../../core/webhooks/webhook-offer.ts";
import { defaultQueueBounds } from "./queue-bounds.ts";
import { openSqlite } from "./sqlite-database.ts";
import { prepareSchema } from "./sqlite-schema.ts";
import { SqliteWebhookQueue } from "./sqlite.ts";

const folder = mkdtempSync(join(tmpdir(), "sealcast-queue-"));
let files = 0;
const newPath = (): string => join(folder, `${(files += 1)}.db`);
const currentPath = (): string => join(folder, `${files}.db`);

afterAll(() => rmSync(folder, { recursive: true }));

webhookQueueContract("the queue in SQLite", {
  create: async (bounds) => new SqliteWebhookQueue(newPath(), bounds),
  reopen: async (bounds) => {
    // A copy of the files is what a killed process leaves; the file itself is locked.
    const from = currentPath();
    const to = newPath();
    for (const suffix of ["", "-wal"]) copyFileSync(`${from}${suffix}`, `${to}${suffix}`);
    return new SqliteWebhookQueue(to, bounds);
  },
});

describe("the file of the queue", () => {
  test("is refused if a newer server wrote it", () => {
    const path = newPath();
    const database = openSqlite(path);
    database.exec("PRAGMA user_version = 7");
    database.close();
    expect(() => new SqliteWebhookQueue(path, defaultQueueBounds)).toThrow(
      "its version is 7, this server knows version 1",
    );
  });

  test("belongs to one process", async () => {
    const path = newPath();
    const queue = new SqliteWebhookQueue(path, defaultQueueBounds);
    expect(() => new SqliteWebhookQueue(path, defaultQueueBounds)).toThrow("another process uses it");
    await queue.close();
  });

  test("takes a storm of events of one blocked channel without slowing others down to a crawl", async () => {
    const queue = new SqliteWebhookQueue(newPath(), defaultQueueBounds);
    await queue.accept(offers("blocked", 20_000), 0);
    await queue.take("t", { ids: ["blocked"], maxEvents: 1, maxBytes: 1_000 }, 0);
    await queue.accept(offers("free", 1), 0);
    const deliveries = await queue.take("t", { ids: ["free"], maxEvents: 100, maxBytes: 1_000 }, 0);
    expect(deliveries.map(({ events }) => events)).toEqual([["0"]]);
    await queue.close();
    const plan = openSqlite(newPath(), prepareSchema)
      .prepare("EXPLAIN QUERY PLAN SELECT channel FROM event WHERE target = 't' AND is_head = 1 ORDER BY id LIMIT 1")
      .all() as { detail: string }[];
    expect(plan.map(({ detail }) => detail)).toEqual(["SEARCH event USING INDEX event_head (target=?)"]);
  });
});

function offers(channel: string, count: number): WebhookOffer[] {
  return Array.from({ length: count }, (_, index) => ({
    effect: "send",
    subject: undefined,
    channel,
    event: { text: String(index), targets: ["t"] },
    opposite: undefined,
    delayMs: 0,
  }));
}
