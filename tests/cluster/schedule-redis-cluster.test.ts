import { redisClusterFaults } from "./fixtures/redis-cluster-faults.ts";
import { channel, keptChannel } from "./fixtures/schedule.ts";
import { redisCluster } from "./fixtures/scheduled-redis.ts";
import { startServersOnRedisCluster } from "./fixtures/server-cluster.ts";
import { testSchedule } from "./fixtures/test-schedule.ts";

testSchedule("a real Redis Cluster", redisClusterFaults, 60, async (args) =>
  redisCluster(await startServersOnRedisCluster(3, args), [channel, keptChannel]),
);
