import type { Script } from "../connection/redis-connection.ts";
import { allowFullMemory, raiseFence } from "./channel-functions.ts";

// Keys: 1 sorted set, node → end of its lease. 2 sorted set, dead node → end of the claim to clean up after it.
// 3 hash that is lost together with all other data: mark (a text), since (from when on all nodes could renew their leases),
// renewals (a number that grows), last (the time of the last renewal).
// 4 set, nodes that have restored what they held after a loss. Times are those of Redis, in milliseconds.

/**
 * Renews a node's lease, and claims dead nodes. Time in which no node could renew its lease counts for no lease: after two
 * thirds of a lease without a renewal, all leases and claims are extended by that time. The same holds if the clock was set,
 * or another server with another clock has become the primary. Arguments: node, length of a lease, length of a claim, "first" or "",
 * mark to use if there is none. Answers "lost" if the node's lease has ended, else "held"; mark; number of renewals; claimed
 * nodes; nodes that hold leases.
 */
export const renewScript: Script = {
  name: "renew",
  lua: `${allowFullMemory}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if redis.call('HSETNX', KEYS[3], 'mark', ARGV[5]) == 1 then redis.call('HSET', KEYS[3], 'since', now) end
local silence = now - tonumber(redis.call('HGET', KEYS[3], 'last') or now)
redis.call('HSET', KEYS[3], 'last', now)
if silence < 0 or silence * 3 > ARGV[2] * 2 then
  redis.call('HSET', KEYS[3], 'since', now)
  for key = 1, 2 do
    for _, node in ipairs(redis.call('ZRANGE', KEYS[key], 0, -1)) do redis.call('ZINCRBY', KEYS[key], silence, node) end
  end
end
local claimed = {}
local answer = { 'held', redis.call('HGET', KEYS[3], 'mark'), redis.call('HINCRBY', KEYS[3], 'renewals', 1), claimed }
if ARGV[4] == '' and not redis.call('ZSCORE', KEYS[1], ARGV[1]) then answer[1] = 'lost'
else redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1]) end
for _, dead in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do
  redis.call('ZREM', KEYS[1], dead)
  redis.call('ZADD', KEYS[2], 0, dead)
end
for _, dead in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now)) do
  redis.call('ZADD', KEYS[2], now + tonumber(ARGV[3]), dead)
  claimed[#claimed + 1] = dead
end
answer[5] = redis.call('ZRANGE', KEYS[1], 0, -1)
return answer`,
};

/**
 * Notes that a node has restored what it held. Arguments: node, length of a lease. Answers the nodes that have done so,
 * and whether a lease has passed since all nodes could renew theirs.
 */
export const restoredScript: Script = {
  name: "restored",
  lua: `${allowFullMemory}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('SADD', KEYS[4], ARGV[1])
redis.call('PEXPIRE', KEYS[4], ARGV[2] * 2)
local since = tonumber(redis.call('HGET', KEYS[3], 'since') or '0')
return { redis.call('SMEMBERS', KEYS[4]), now - since > tonumber(ARGV[2]) and 1 or 0 }`,
};

/** Extends a claim. Arguments: dead node, length of a claim. */
export const extendClaimScript: Script = {
  name: "extend-claim",
  lua: `${allowFullMemory}
local time = redis.call('TIME')
return redis.call('ZADD', KEYS[2], 'XX', time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[2]), ARGV[1])`,
};

/**
 * A node that has no lease is given up, so that the next renewal claims it. Keys: its set of buckets, then as above. Arguments:
 * node, length of a lease, then buckets that it uses according to their data. Answers 0 if it may still get a lease: after
 * an interruption, or a loss of data, every node has the time of a lease.
 */
export const giveUpScript: Script = {
  name: "give-up",
  lua: `${allowFullMemory}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if redis.call('ZSCORE', KEYS[2], ARGV[1]) then return 1 end
local lease = tonumber(ARGV[2])
local known = redis.call('HMGET', KEYS[4], 'since', 'last')
local since, last = tonumber(known[1]), tonumber(known[2])
if not since or not last or now - since <= lease or now < last or (now - last) * 3 > lease * 2 then return 0 end
for at = 3, #ARGV do redis.call('SADD', KEYS[1], ARGV[at]) end
redis.call('ZADD', KEYS[3], 'NX', 0, ARGV[1])
return 1`,
};

/**
 * Ends the lease of a node, or the claim to clean up after it. Keys: its set of buckets, then as above. Argument: node. Answers
 * 0 if it has buckets by now.
 */
export const endScript: Script = {
  name: "end",
  lua: `${allowFullMemory}
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
return 1`,
};

/**
 * Notes that a node uses a bucket. Keys: its set of buckets, then as above. Arguments: bucket, node. Answers "late" if the node
 * has no lease: others may have cleaned up after it already.
 */
export const useBucketScript: Script = {
  name: "use-bucket",
  lua: `${allowFullMemory}
if not redis.call('ZSCORE', KEYS[2], ARGV[2]) then return 'late' end
return redis.call('SADD', KEYS[1], ARGV[1])`,
};

/**
 * Marks the data of a bucket with another text if it was written by another run of Redis. A server that was started again, and
 * a replica that has become the primary, may lack the last writes. Notes there that a node uses the bucket. Keys: data, set of
 * the nodes that use the bucket. Arguments: the mark to use then, node. Answers the mark and the nodes.
 */
export const markDataScript: Script = {
  name: "mark-data",
  lua: `${allowFullMemory}
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
if redis.call('HGET', KEYS[1], 'run') ~= run then redis.call('HSET', KEYS[1], 'run', run, 'mark', ARGV[1]) end
redis.call('SADD', KEYS[2], ARGV[2])
return { redis.call('HGET', KEYS[1], 'mark'), redis.call('SMEMBERS', KEYS[2]) }`,
};

/** The buckets of a node. Key: its set of buckets. */
export const bucketsScript: Script = {
  name: "buckets",
  lua: `return redis.call('SMEMBERS', KEYS[1])`,
};

/** Refuses what still arrives from a dead node in a bucket. Key: its fence. Argument: number of the first accepted request. */
export const raiseFenceScript: Script = {
  name: "raise-fence",
  lua: `${allowFullMemory}return ${raiseFence(1, 1)}`,
};

/** Whether a set has an entry. Key: the set. Argument: the entry. */
export const hasScript: Script = {
  name: "has",
  lua: `return redis.call('SISMEMBER', KEYS[1], ARGV[1])`,
};

/** Removes an entry from a set. Key: the set. Argument: the entry. */
export const removeScript: Script = {
  name: "remove",
  lua: `${allowFullMemory}return redis.call('SREM', KEYS[1], ARGV[1])`,
};
