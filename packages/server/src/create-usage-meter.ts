import { MemoryUsageRecords } from "./adapters/usage-records/memory.ts";
import { RedisUsageRecords, type UsageRedis } from "./adapters/usage-records/redis.ts";
import type { ServerSettings } from "./core/settings/server-settings.ts";
import { UsageMeter } from "./observers/usage-meter.ts";
import type { AppStore } from "./ports/app-store.ts";
import type { Clock } from "./ports/clock.ts";

/** Counts what apps of the configuration use: their messages only if they have a limit, because only the limit needs that number. */
export function createUsageMeter(settings: ServerSettings, apps: AppStore, clock: Clock): UsageMeter {
  let isAnyLimited = false;
  const look = (): void => {
    isAnyLimited = apps.all().some(({ messagesPerDay }) => messagesPerDay > 0);
  };
  look();
  apps.onChange(look);
  const records =
    settings.engine === "memory"
      ? new MemoryUsageRecords()
      : new RedisUsageRecords(() => connect(settings), settings.enginePrefix);
  return new UsageMeter(clock, records, {
    any: () => isAnyLimited,
    has: (app) => (apps.byId(app)?.messagesPerDay ?? 0) > 0,
  });
}

async function connect(settings: ServerSettings): Promise<UsageRedis> {
  const { NodeRedisConnection } = await import("./adapters/engine/redis/connection/node-redis-connection.ts");
  const { engineUrl: url, engineCluster: cluster, engineSentinelPrimary } = settings;
  const sentinelPrimary = engineSentinelPrimary === "" ? undefined : engineSentinelPrimary;
  const redis = new NodeRedisConnection({ url, cluster, sentinelPrimary });
  await redis.open({ up: () => undefined, down: () => undefined });
  return redis;
}
