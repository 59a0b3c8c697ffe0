import type { Script } from "../connection/redis-connection.ts";
import { allowFullMemory, raiseFence, refuseLate } from "./channel-functions.ts";

// Keys: 1 hash, user → number of nodes on which the user is signed in. 2 set, users who are signed in on the node. 3 fence, see
// `refuseLate`. 4 hash with the mark of this data, which the messages name.

/** Tells all nodes that a user is online (1) or not (0). */
const tellAllFunction = `
local function tellAll(topic, app, user, isOnline)
  local mark = redis.call('HGET', KEYS[4], 'mark') or ''
  redis.call('PUBLISH', topic, 'u\\n' .. app .. '\\n' .. user .. '\\n' .. isOnline .. '\\n' .. mark)
end
`;

/** Signs a user in on a node. Arguments: number of the request, topic of all, topic of the node, app, user, name of the answer. */
export const signInScript: Script = {
  name: "sign-in",
  lua: `${tellAllFunction}${refuseLate(3, 1)}
if redis.call('SADD', KEYS[2], ARGV[5]) == 1 and redis.call('HINCRBY', KEYS[1], ARGV[5], 1) == 1 then
  tellAll(ARGV[2], ARGV[4], ARGV[5], 1)
end
redis.call('PUBLISH', ARGV[3], 's\\n' .. ARGV[6])
return 1`,
};

/**
 * Publishes on a topic that nodes hear. Keys: any; in Redis Cluster, messages that the same server publishes keep their order.
 * Arguments: topic, payload.
 */
export const tellScript: Script = {
  name: "tell",
  lua: `return redis.call('PUBLISH', ARGV[1], ARGV[2])`,
};

/** Signs users out on a node. Arguments: number of the request, topic of all, app, then users. */
export const signOutScript: Script = {
  name: "sign-out",
  lua: `${allowFullMemory}${tellAllFunction}${refuseLate(3, 1)}
for at = 4, #ARGV do
  if redis.call('SREM', KEYS[2], ARGV[at]) == 1 and redis.call('HINCRBY', KEYS[1], ARGV[at], -1) <= 0 then
    redis.call('HDEL', KEYS[1], ARGV[at])
    tellAll(ARGV[2], ARGV[3], ARGV[at], 0)
  end
end
return 1`,
};

/** Up to 500 users of a node. Key: the second. */
export const usersOfNodeScript: Script = {
  name: "users-of-node",
  lua: `return redis.call('SRANDMEMBER', KEYS[1], 500)`,
};

/** Tells a node which users are signed in. Arguments: topic of the node, number of the request, users. */
export const onlineScript: Script = {
  name: "online",
  lua: `
local online = {}
for at = 3, #ARGV do
  if redis.call('HEXISTS', KEYS[1], ARGV[at]) == 1 then online[#online + 1] = '\\n' .. ARGV[at] end
end
redis.call('PUBLISH', ARGV[1], 'o\\n' .. ARGV[2] .. table.concat(online))
return 1`,
};

/**
 * Makes the directory agree with the users that a node really has. Arguments: number of the request, topic of all, app, mode,
 * see `SyncMode`, then users.
 */
export const syncUsersScript: Script = {
  name: "sync-users",
  lua: `${allowFullMemory}${tellAllFunction}${refuseLate(3, 1)}${raiseFence(3, 1)}
local held = {}
for at = 5, #ARGV do
  held[ARGV[at]] = true
  local isNew = redis.call('SADD', KEYS[2], ARGV[at]) == 1 and redis.call('HINCRBY', KEYS[1], ARGV[at], 1) == 1
  if isNew and ARGV[4] ~= 'restore' then
    tellAll(ARGV[2], ARGV[3], ARGV[at], 1)
  end
end
if ARGV[4] == 'restore' then return 1 end
for _, user in ipairs(redis.call('SMEMBERS', KEYS[2])) do
  if not held[user] then
    redis.call('SREM', KEYS[2], user)
    if redis.call('HINCRBY', KEYS[1], user, -1) <= 0 then
      redis.call('HDEL', KEYS[1], user)
      tellAll(ARGV[2], ARGV[3], user, 0)
    end
  end
end
return 1`,
};
