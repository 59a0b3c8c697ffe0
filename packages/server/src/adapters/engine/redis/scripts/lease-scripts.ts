import type { Script } from "../redis-connection.ts";

// Keys: 1 sorted set, node → end of its lease. 2 sorted set, dead node → end of the claim to clean up after it.
// 3 text that is lost together with all other data. Times are those of Redis, in milliseconds.

/**
 * Renews a node's lease, and claims dead nodes. Arguments: node, length of a lease, length of a claim, "first" or "",
 * text for key 3. Answers "lost" if the node's lease has ended, else "held"; then the text of key 3, then claimed nodes.
 */
export const renewScript: Script = {
  name: "renew",
  lua: `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('SETNX', KEYS[3], ARGV[5])
local answer = { 'held', redis.call('GET', KEYS[3]) }
if ARGV[4] == '' and not redis.call('ZSCORE', KEYS[1], ARGV[1]) then answer[1] = 'lost'
else redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1]) end
for _, dead in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do
  redis.call('ZREM', KEYS[1], dead)
  redis.call('ZADD', KEYS[2], 0, dead)
end
for _, dead in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now)) do
  redis.call('ZADD', KEYS[2], now + tonumber(ARGV[3]), dead)
  answer[#answer + 1] = dead
end
return answer`,
};

/** Extends a claim. Arguments: dead node, length of a claim. */
export const extendClaimScript: Script = {
  name: "extend-claim",
  lua: `
local time = redis.call('TIME')
return redis.call('ZADD', KEYS[2], 'XX', time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[2]), ARGV[1])`,
};

/** Ends a lease at once, so that another node cleans up, or ends a claim. Argument: node. */
export const endScript: Script = {
  name: "end",
  lua: `
redis.call('ZREM', KEYS[1], ARGV[1])
return redis.call('ZREM', KEYS[2], ARGV[1])`,
};

/** Notes that a node uses a bucket. Key: its set of buckets. Argument: bucket. */
export const useBucketScript: Script = {
  name: "use-bucket",
  lua: `return redis.call('SADD', KEYS[1], ARGV[1])`,
};

/** The buckets of a node. Key: its set of buckets. */
export const bucketsScript: Script = {
  name: "buckets",
  lua: `return redis.call('SMEMBERS', KEYS[1])`,
};

/** Forgets a key. */
export const forgetScript: Script = {
  name: "forget",
  lua: `return redis.call('DEL', KEYS[1])`,
};
