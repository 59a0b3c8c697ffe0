import type { Script } from "../connection/redis-connection.ts";
import { allowFullMemory, raiseFence, refuseLate } from "./channel-functions.ts";

// Keys: 1 hash, node → connections of the app that it has admitted. 2 fence, see `refuseLate`. Arguments begin with: number of the
// request, node.

/** Admits a connection. Further argument: most connections. Answers whether there was room. */
export const admitScript: Script = {
  name: "admit",
  lua: `${refuseLate(2, 1)}
local sum = 0
for _, count in ipairs(redis.call('HVALS', KEYS[1])) do sum = sum + tonumber(count) end
if sum >= tonumber(ARGV[3]) then return 0 end
redis.call('HINCRBY', KEYS[1], ARGV[2], 1)
return 1`,
};

/** Releases a connection. */
export const releaseScript: Script = {
  name: "release",
  lua: `${allowFullMemory}${refuseLate(2, 1)}
if redis.call('HINCRBY', KEYS[1], ARGV[2], -1) <= 0 then redis.call('HDEL', KEYS[1], ARGV[2]) end
return 1`,
};

/** Makes the count of a node agree with the connections that it has. Further argument: their number. */
export const syncQuotaScript: Script = {
  name: "sync-quota",
  lua: `${allowFullMemory}${refuseLate(2, 1)}${raiseFence(2, 1)}
if ARGV[3] == '0' then redis.call('HDEL', KEYS[1], ARGV[2])
else redis.call('HSET', KEYS[1], ARGV[2], ARGV[3]) end
return 1`,
};
