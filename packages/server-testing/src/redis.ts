export { freeRedis, keepRedisBusy } from "./redis-busy.ts";
export { handOver } from "./redis-hand-over.ts";
export { describeWithRedis, startRedis, startRedisCluster, type RedisProcess } from "./redis-process.ts";
export { startSentinel, type SentinelSetup } from "./redis-sentinel.ts";
export { RedisTopology } from "./redis-topology.ts";
export { moveSlot } from "./redis-slot.ts";
