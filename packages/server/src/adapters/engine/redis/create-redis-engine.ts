import { randomUUID } from "node:crypto";
import type { TurnEnd } from "../../../core/turns.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Engine } from "../../../ports/engine.ts";
import type { Log } from "../../../ports/log.ts";
import { NodeRedisConnection } from "./connection/node-redis-connection.ts";
import type { RedisAddress } from "./connection/redis-connection.ts";
import { RedisEngine } from "./redis-engine.ts";
import { RepeatedReports } from "./repeated-reports.ts";

/**
 * An engine on Redis or Valkey. It connects when it is started.
 *
 * @param prefix begins every key and topic; engines with the same prefix are one cluster.
 * @param leaseMs silence after which other nodes give up what a node holds, in milliseconds.
 */
export function createRedisEngine(
  address: RedisAddress,
  prefix: string,
  leaseMs: number,
  clock: Clock,
  log: Log,
  turnEnd: TurnEnd,
): Engine {
  const requests = new RepeatedReports(clock, (event, fields) => log.warn(event, fields));
  return new RedisEngine(new NodeRedisConnection(address, turnEnd), clock, {
    prefix,
    leaseMs,
    randomText: randomUUID,
    report(event, reason) {
      if (event === "engine.request_failed") requests.report(event, reason);
      else log.warn(event, { reason });
    },
  });
}
