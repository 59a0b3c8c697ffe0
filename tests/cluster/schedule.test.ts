import { startServerCluster } from "./fixtures/server-cluster.ts";
import { singleRedis } from "./fixtures/scheduled-redis.ts";
import { singleRedisFaults } from "./fixtures/single-redis-faults.ts";
import { testSchedule } from "./fixtures/test-schedule.ts";

testSchedule("a real Redis", singleRedisFaults, 120, async (args) => singleRedis(await startServerCluster(3, args)));
