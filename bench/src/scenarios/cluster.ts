import type { Lab } from "../lab.ts";
import { RedisServer } from "../subjects/redis-server.ts";
import { ClusterBench } from "./cluster/cluster-bench.ts";
import { countCommands } from "./cluster/commands.ts";
import { measureGrowth } from "./cluster/growth.ts";
import { measureNodeDeath } from "./cluster/node-death.ts";
import { clusterSetups } from "./cluster/setups.ts";
import { measureSubscriptions } from "./cluster/subscriptions.ts";
import { measureLatency, measurePublishes } from "./cluster/work.ts";

/** Keeps the events of channels whose names begin with "kept-". */
const app = { history: [{ prefix: "kept-", size: 100, ttlSeconds: 120 }] };

/** What several servers and Redis cost, beside one server with the memory engine. */
export async function cluster(lab: Lab): Promise<void> {
  const redis = await RedisServer.start();
  try {
    await ClusterBench.withAll(Object.values(clusterSetups), redis, { app }, async (benches) => {
      await measureSubscriptions(lab, benches);
      await measurePublishes(lab, benches);
      await measureLatency(lab, benches);
    });
    await ClusterBench.with(clusterSetups.one, redis, { app }, async (bench) => {
      await countCommands(lab, bench, redis);
      await measureGrowth(lab, bench);
    });
    await measureNodeDeath(lab, redis);
  } finally {
    await redis.stop();
  }
}
