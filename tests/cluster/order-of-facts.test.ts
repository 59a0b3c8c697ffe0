// cspell:ignore flushall
import { randomUUID } from "node:crypto";
import type { AppId } from "@sealcast/protocol";
import { describeWithRedis, startRedis, type RedisProcess } from "@sealcast/server-testing/redis";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { EngineNode } from "./fixtures/engine-node.ts";

const app = "1001" as AppId;

describeWithRedis("what two servers report of one channel", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  test("[OCC1] is numbered in the order in which it happened, also after Redis has lost its data", async () => {
    const prefix = randomUUID();
    const [first, second] = [
      await EngineNode.start(redis.url, prefix, false, app),
      await EngineNode.start(redis.url, prefix, false, app),
    ];
    /** What has been reported so far, by its numbers. */
    const reported = (): readonly string[] =>
      [...first.facts, ...second.facts]
        .flatMap((fact) => (fact.kind === "subscription-count" ? [] : [fact]))
        .toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0))
        .map((fact) => ("userId" in fact ? `${fact.kind} ${fact.userId}` : fact.kind));
    const visits = async (): Promise<void> => {
      for (const [joining, leaving] of [
        [first, second],
        [second, first],
      ] as const) {
        const ada = await joining.join("ada");
        const bob = await leaving.join("bob");
        await joining.leave(ada);
        await leaving.leave(bob);
      }
    };
    const visit = ["occupied", "member-added ada", "member-added bob", "member-removed ada", "member-removed bob"];
    await visits();
    expect(reported()).toEqual([...visit, "vacated", ...visit, "vacated"]);
    await redis.command("flushall");
    const lost: unknown = expect.arrayContaining(["engine.data_lost"]);
    await vi.waitFor(() => expect([first.reports, second.reports]).toEqual([lost, lost]), 10_000);
    await vi.waitFor(() => expect([first.status, second.status]).toEqual(["ready", "ready"]), 10_000);
    await visits();
    expect(reported()).toEqual([...visit, "vacated", ...visit, "vacated", ...visit, "vacated", ...visit, "vacated"]);
  }, 30_000);
});
