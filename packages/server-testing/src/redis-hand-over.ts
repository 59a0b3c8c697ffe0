import { setTimeout as pause } from "node:timers/promises";
import type { RedisProcess } from "./redis-process.ts";

/** Before a replica asks again, in milliseconds. */
const againMs = 3_000;
const lookAgainMs = 50;

/** Makes a replica of a Redis Cluster the master. It asks again if the other masters did not agree in time. */
export async function handOver(replica: RedisProcess): Promise<void> {
  for (;;) {
    await replica.command("cluster", "failover");
    for (let waitedMs = 0; waitedMs < againMs; waitedMs += lookAgainMs) {
      if ((await replica.command("info", "replication")).includes("role:master")) return;
      await pause(lookAgainMs);
    }
  }
}
