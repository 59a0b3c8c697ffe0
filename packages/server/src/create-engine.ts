import { MemoryEngine } from "./adapters/engine/memory.ts";
import type { ServerSettings } from "./core/settings/server-settings.ts";
import type { TurnEnd, Turns } from "./core/turns.ts";
import type { Clock } from "./ports/clock.ts";
import type { Engine } from "./ports/engine.ts";
import type { Log } from "./ports/log.ts";
import type { Random } from "./ports/random.ts";

/** What an engine works with. */
interface EnginePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly turns: Turns & TurnEnd;
}

/** Creates the engine that the settings name. It connects when it is started. */
export async function createEngine(
  settings: ServerSettings,
  { clock, random, log, turns }: EnginePorts,
): Promise<Engine> {
  if (settings.engine === "memory") return new MemoryEngine(clock, random, turns);
  // Loaded on demand: a single process does not need the Redis library.
  const { createRedisEngine } = await import("./adapters/engine/redis/create-redis-engine.ts");
  const { engineUrl, engineCluster, engineSentinelPrimary, enginePrefix, engineLeaseSeconds } = settings;
  const address = {
    url: engineUrl,
    cluster: engineCluster,
    sentinelPrimary: engineSentinelPrimary === "" ? undefined : engineSentinelPrimary,
  };
  return createRedisEngine(address, enginePrefix, engineLeaseSeconds * 1_000, clock, log, turns);
}
