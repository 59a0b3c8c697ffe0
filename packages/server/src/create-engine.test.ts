// cspell:ignore cmdstat commandstats
import { spawnSync } from "node:child_process";
import type { AppId, ChannelName } from "@sealcast/protocol";
import { describeWithRedis, startRedis, type RedisProcess } from "@sealcast/server-testing/redis";
import { ignoredEvents, silentLog } from "@sealcast/server-testing";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { systemClock } from "./adapters/clock/system.ts";
import { createCryptoRandom } from "./adapters/random/node-crypto.ts";
import { TurnBudget } from "./adapters/transport/links/turn-budget.ts";
import { createEngine } from "./create-engine.ts";
import { defaultServerSettings } from "./core/settings/server-settings.ts";

describeWithRedis("the Redis engine in a turn with deliveries", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  /** Number of `PUBLISH` commands that Redis has received. */
  function published(): number {
    const { stdout } = spawnSync("redis-cli", ["-p", String(redis.port), "info", "commandstats"], { encoding: "utf8" });
    return Number(/^cmdstat_publish:calls=(\d+)/m.exec(stdout)?.[1] ?? 0);
  }

  test("writes commands before them, so that Redis answers meanwhile", async () => {
    const turns = new TurnBudget(systemClock);
    const settings = { ...defaultServerSettings, engine: "redis", engineUrl: redis.url } as const;
    const engine = await createEngine(settings, {
      clock: systemClock,
      random: createCryptoRandom(),
      log: silentLog,
      turns,
    });
    await engine.start(ignoredEvents);
    onTestFinished(() => engine.close());
    const before = published();
    const counted = await new Promise((resolve) => {
      // Deliveries of an earlier turn that go on are due before anything that is scheduled in their turn.
      turns.atEnd(() => resolve(published() - before));
      void engine.publish("app" as AppId, [
        { channel: "news" as ChannelName, message: "{}", except: undefined, keep: undefined, id: undefined },
      ]);
    });
    expect(counted).toBe(1);
  });
});
