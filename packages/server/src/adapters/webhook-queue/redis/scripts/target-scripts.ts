import { script } from "./script.ts";

/**
 * Removes what is kept for targets that have been absent for a while. Arguments: time, how long, present targets. Answers the
 * number of removed events.
 */
export const keepTargetsScript = script(
  "keep-targets",
  `
local now, present, removed = tonumber(ARGV[1]), {}, 0
for index = 3, #ARGV do
  present[ARGV[index]] = true
  redis.call('ZREM', base .. 'absent', ARGV[index])
end
local known = redis.call('HKEYS', base .. 'count')
for _, id in ipairs(redis.call('ZRANGE', base .. 'letters', 0, -1)) do
  known[#known + 1] = redis.call('HGET', base .. 'letter:' .. id, 'target')
end
for _, target in ipairs(known) do
  if not present[target] then redis.call('ZADD', base .. 'absent', 'NX', now, target) end
end
for _, target in ipairs(redis.call('ZRANGEBYSCORE', base .. 'absent', '-inf', now - tonumber(ARGV[2]))) do
  removed = removed + (tonumber(redis.call('HGET', base .. 'count', target)) or 0)
  for _, channel in ipairs(redis.call('ZRANGE', base .. 'first:' .. target, 0, -1)) do
    redis.call('DEL', listOf(target, channel))
  end
  for _, id in ipairs(redis.call('ZRANGE', base .. 'open', 0, -1)) do
    if redis.call('HGET', base .. 'delivery:' .. id, 'target') == target then
      redis.call('DEL', base .. 'delivery:' .. id, base .. 'events:' .. id)
      redis.call('ZREM', base .. 'open', id)
    end
  end
  for _, id in ipairs(redis.call('ZRANGE', base .. 'letters:' .. target, 0, -1)) do removeLetter(id) end
  redis.call('DEL', base .. 'first:' .. target, base .. 'busy:' .. target, base .. 'attempts:' .. target)
  redis.call('HDEL', base .. 'count', target)
  redis.call('HDEL', base .. 'bytes', target)
  redis.call('SREM', base .. 'targets', target)
  redis.call('ZREM', base .. 'absent', target)
end
return removed
`,
);

/** Answers the latest attempts at deliveries to a target, as JSON. Arguments: target, most. */
export const attemptsScript = script(
  "attempts",
  `return redis.call('LRANGE', base .. 'attempts:' .. ARGV[1], 0, tonumber(ARGV[2]) - 1)`,
);

/** Answers number and bytes of all events, and the number of dead letters. */
export const backlogScript = script(
  "backlog",
  `return { sum('count'), sum('bytes'), redis.call('ZCARD', base .. 'letters') }`,
);
