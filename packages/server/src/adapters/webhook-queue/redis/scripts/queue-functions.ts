/** First line of scripts that free memory in the end: Redis runs them even if its memory is full. */
export const allowFullMemory = `#!lua flags=allow-oom
`;

/**
 * What the scripts of the queue share. Every key begins with `KEYS[1]`, which names a hash slot, so that all of them are in
 * one. Beside `subjects` (hash, name → JSON) and `due` (sorted set, names by time):
 * `list:TARGET\nCHANNEL` list of waiting events, "number\ntext". `first:TARGET` sorted set, channels with waiting events by the
 * number of the first one. `busy:TARGET` hash, channel → delivery that holds events of it. `targets` set, targets for which
 * events wait. `bytes` and `count` hashes, target → bytes and number of its events, those of deliveries included.
 * `delivery:ID` hash; `events:ID` list, "channel\ntext". `open` sorted set, unfinished deliveries by due time.
 * `letters` and `letters:TARGET` sorted sets, dead letters by number; `letter:ID` hash, with `events:ID`. `attempts:TARGET`
 * list of JSON, newest first. `accepted:PROCESS` number of its last accepted offer. `sender` the process that sends.
 * `changes` counts what was put in. `absent` sorted set, targets that no app has any more, by the time at which that was
 * noticed.
 */
export const queueFunctions = `
local base = KEYS[1]

local function listOf(target, channel) return base .. 'list:' .. target .. '\\n' .. channel end

local function split(item) return string.match(item, '^([^\\n]*)\\n(.*)$') end

local function add(target, channel, text)
  local number = redis.call('INCR', base .. 'number')
  if redis.call('RPUSH', listOf(target, channel), number .. '\\n' .. text) == 1 then
    redis.call('ZADD', base .. 'first:' .. target, number, channel)
  end
  redis.call('HINCRBY', base .. 'bytes', target, #text)
  redis.call('HINCRBY', base .. 'count', target, 1)
  redis.call('SADD', base .. 'targets', target)
  redis.call('ZREM', base .. 'absent', target)
end

-- Removes the first waiting event of a channel and returns its text.
local function shift(target, channel)
  local list = listOf(target, channel)
  local _, text = split(redis.call('LPOP', list))
  local following = redis.call('LINDEX', list, 0)
  local first = base .. 'first:' .. target
  if following then redis.call('ZADD', first, (split(following)), channel)
  else
    redis.call('ZREM', first, channel)
    if redis.call('ZCARD', first) == 0 then redis.call('SREM', base .. 'targets', target) end
  end
  return text
end

local function forget(target, bytes, count)
  if redis.call('HINCRBY', base .. 'count', target, -count) <= 0 then
    redis.call('HDEL', base .. 'count', target)
    redis.call('HDEL', base .. 'bytes', target)
  else redis.call('HINCRBY', base .. 'bytes', target, -bytes) end
end

local function sum(hash)
  local total = 0
  for _, value in ipairs(redis.call('HVALS', base .. hash)) do total = total + tonumber(value) end
  return total
end

local function removeLetter(id)
  local target = redis.call('HGET', base .. 'letter:' .. id, 'target')
  redis.call('DEL', base .. 'letter:' .. id, base .. 'events:' .. id)
  redis.call('ZREM', base .. 'letters', id)
  if target then redis.call('ZREM', base .. 'letters:' .. target, id) end
end
`;
