import { script } from "./script.ts";

/**
 * Makes deliveries of the oldest events whose channels are in no unfinished delivery. Arguments: target, process, time, most
 * events and most bytes of one delivery, ids. Answers nothing to a process that does not send, else a list of id and texts for each delivery.
 */
export const takeScript = script(
  "take",
  `
local target, sender, now = ARGV[1], ARGV[2], ARGV[3]
local maxEvents, maxBytes = tonumber(ARGV[4]), tonumber(ARGV[5])
if redis.call('GET', base .. 'sender') ~= sender then return {} end
local first, busy = base .. 'first:' .. target, base .. 'busy:' .. target

local function freeChannels()
  local free, offset = {}, 0
  while #free < maxEvents do
    local page = redis.call('ZRANGE', first, offset, offset + 199, 'WITHSCORES')
    if #page == 0 then break end
    for entry = 1, #page, 2 do
      if #free < maxEvents and redis.call('HEXISTS', busy, page[entry]) == 0 then
        free[#free + 1] = { channel = page[entry], number = tonumber(page[entry + 1]) }
      end
    end
    offset = offset + 200
  end
  return free
end

local function oldest(free)
  local found
  for _, candidate in ipairs(free) do
    if candidate.number and (not found or candidate.number < found.number) then found = candidate end
  end
  return found
end

local deliveries = {}
for index = 6, #ARGV do
  local id, free, texts, bytes = ARGV[index], freeChannels(), {}, 0
  while #texts < maxEvents do
    local source = oldest(free)
    if not source then break end
    local list = listOf(target, source.channel)
    local _, text = split(redis.call('LINDEX', list, 0))
    if #texts > 0 and bytes + #text > maxBytes then break end
    shift(target, source.channel)
    redis.call('RPUSH', base .. 'events:' .. id, source.channel .. '\\n' .. text)
    redis.call('HSET', busy, source.channel, id)
    texts[#texts + 1] = text
    bytes = bytes + #text
    local following = redis.call('LINDEX', list, 0)
    source.number = following and tonumber((split(following))) or nil
  end
  if #texts == 0 then break end
  redis.call('HSET', base .. 'delivery:' .. id, 'target', target, 'time', now)
  redis.call('ZADD', base .. 'open', now, id)
  deliveries[#deliveries + 1] = { id, texts }
end
return deliveries
`,
);

/**
 * Records an attempt and what follows. Arguments: target, id, "retry", "delivered" or "dead", due time, attempt as JSON, most attempts,
 * time of failure, error, most dead letters.
 */
export const settleScript = script(
  "settle",
  `
local target, id, following = ARGV[1], ARGV[2], ARGV[3]
redis.call('LPUSH', base .. 'attempts:' .. target, ARGV[5])
redis.call('LTRIM', base .. 'attempts:' .. target, 0, tonumber(ARGV[6]) - 1)
local time = redis.call('HGET', base .. 'delivery:' .. id, 'time')
if not time then return end
if following == 'retry' then
  redis.call('ZADD', base .. 'open', ARGV[4], id)
  return
end
local bytes, count = 0, 0
for _, item in ipairs(redis.call('LRANGE', base .. 'events:' .. id, 0, -1)) do
  local channel, text = split(item)
  bytes = bytes + #text
  count = count + 1
  if redis.call('HGET', base .. 'busy:' .. target, channel) == id then redis.call('HDEL', base .. 'busy:' .. target, channel) end
end
forget(target, bytes, count)
redis.call('DEL', base .. 'delivery:' .. id)
redis.call('ZREM', base .. 'open', id)
if following == 'delivered' then
  redis.call('DEL', base .. 'events:' .. id)
  return
end
local number = redis.call('INCR', base .. 'number')
redis.call('HSET', base .. 'letter:' .. id, 'target', target, 'time', time, 'failed', ARGV[7], 'error', ARGV[8])
redis.call('ZADD', base .. 'letters', number, id)
redis.call('ZADD', base .. 'letters:' .. target, number, id)
local excess = redis.call('ZCARD', base .. 'letters') - tonumber(ARGV[9])
if excess > 0 then
  for _, oldest in ipairs(redis.call('ZRANGE', base .. 'letters', 0, excess - 1)) do removeLetter(oldest) end
end
`,
);

/** Answers the targets for which events wait, and each unfinished delivery: id, target, time, due time, texts. */
export const recoverScript = script(
  "recover",
  `
local unfinished = {}
local open = redis.call('ZRANGE', base .. 'open', 0, -1, 'WITHSCORES')
for entry = 1, #open, 2 do
  local texts = {}
  for _, item in ipairs(redis.call('LRANGE', base .. 'events:' .. open[entry], 0, -1)) do
    local _, text = split(item)
    texts[#texts + 1] = text
  end
  local facts = redis.call('HMGET', base .. 'delivery:' .. open[entry], 'target', 'time')
  unfinished[#unfinished + 1] = { open[entry], facts[1], facts[2], open[entry + 1], texts }
end
return { redis.call('SMEMBERS', base .. 'targets'), unfinished }
`,
);

/** Answers the targets for which events wait. */
export const waitingScript = script("waiting", `return redis.call('SMEMBERS', base .. 'targets')`);

/**
 * Renews the right to send, or takes it if no process has it. Arguments: process, milliseconds, "keep" or "end". Answers whether
 * the process sends, the count of changes, and the earliest time at which something is due ("" for none).
 */
export const turnScript = script(
  "turn",
  `
local sender, key = ARGV[1], base .. 'sender'
if ARGV[3] == 'end' then
  if redis.call('GET', key) == sender then redis.call('DEL', key) end
  return {}
end
if redis.call('GET', key) == sender then redis.call('PEXPIRE', key, ARGV[2])
elseif not redis.call('SET', key, sender, 'NX', 'PX', ARGV[2]) then return { 0 } end
local due = redis.call('ZRANGE', base .. 'due', 0, 0, 'WITHSCORES')
return { 1, tonumber(redis.call('GET', base .. 'changes')) or 0, due[2] or '' }
`,
);
