import { allowFullMemory, queueFunctions } from "./queue-functions.ts";
import type { QueueScript } from "../redis-scripts.ts";

/**
 * Applies steps of subjects if none of them has changed since it was read, adds events, and discards the oldest events of the
 * largest target above the limit. Arguments: limit in bytes; number of subjects, and for each its name, JSON before, JSON
 * after and due time ("" for none); for each event its channel, text, number of targets and targets. Answers nil if a
 * subject has changed, else the earliest due time ("" for none), and the targets and numbers of discarded events.
 */
export const acceptScript = script(
  "accept",
  `
local index = 3
local function argument()
  index = index + 1
  return ARGV[index - 1]
end
local subjects = tonumber(ARGV[2])
for subject = 0, subjects - 1 do
  local found = redis.call('HGET', base .. 'subjects', ARGV[3 + subject * 4]) or ''
  if found ~= ARGV[4 + subject * 4] then return nil end
end
for _ = 1, subjects do
  local name, _, after, due = argument(), argument(), argument(), argument()
  if after == '' then redis.call('HDEL', base .. 'subjects', name)
  else redis.call('HSET', base .. 'subjects', name, after) end
  if due == '' then redis.call('ZREM', base .. 'due', name)
  else redis.call('ZADD', base .. 'due', due, name) end
end
while index <= #ARGV do
  local channel, text, targets = argument(), argument(), tonumber(argument())
  for _ = 1, targets do add(argument(), channel, text) end
end

if #ARGV > 2 then redis.call('INCR', base .. 'changes') end

local lost = { redis.call('ZRANGE', base .. 'due', 0, 0, 'WITHSCORES')[2] or '' }
local excess = sum('bytes') - tonumber(ARGV[1])
if excess > 0 then
  local sizes = {}
  local entries = redis.call('HGETALL', base .. 'bytes')
  for entry = 1, #entries, 2 do sizes[#sizes + 1] = { entries[entry], tonumber(entries[entry + 1]) } end
  table.sort(sizes, function(a, b) return a[2] > b[2] end)
  for _, size in ipairs(sizes) do
    local target, discarded = size[1], 0
    while excess > 0 do
      local oldest = redis.call('ZRANGE', base .. 'first:' .. target, 0, 0)[1]
      if not oldest then break end
      local text = shift(target, oldest)
      forget(target, #text, 1)
      excess = excess - #text
      discarded = discarded + 1
    end
    if discarded > 0 then
      lost[#lost + 1] = target
      lost[#lost + 1] = discarded
    end
  end
end
return lost
`,
);

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

/** Lists dead letters of a target, newest first: id, time, failed, error, texts. Arguments: target, most. */
export const lettersScript = script(
  "letters",
  `
local letters = {}
for _, id in ipairs(redis.call('ZREVRANGE', base .. 'letters:' .. ARGV[1], 0, tonumber(ARGV[2]) - 1)) do
  local texts = {}
  for _, item in ipairs(redis.call('LRANGE', base .. 'events:' .. id, 0, -1)) do
    local _, text = split(item)
    texts[#texts + 1] = text
  end
  local facts = redis.call('HMGET', base .. 'letter:' .. id, 'time', 'failed', 'error')
  letters[#letters + 1] = { id, facts[1], facts[2], facts[3], texts }
end
return letters
`,
);

/** Removes dead letters of a target, and adds their events again if asked. Arguments: target, id or "", "replay" or "clear". */
export const removeLettersScript = script(
  "remove-letters",
  `
local target, wanted, removed = ARGV[1], ARGV[2], 0
for _, id in ipairs(redis.call('ZRANGE', base .. 'letters:' .. target, 0, -1)) do
  if wanted == '' or wanted == id then
    if ARGV[3] == 'replay' then
      redis.call('INCR', base .. 'changes')
      for _, item in ipairs(redis.call('LRANGE', base .. 'events:' .. id, 0, -1)) do add(target, split(item)) end
    end
    removeLetter(id)
    removed = removed + 1
  end
end
return removed
`,
);

/** Answers number and bytes of all events, and the number of dead letters. */
export const backlogScript = script(
  "backlog",
  `return { sum('count'), sum('bytes'), redis.call('ZCARD', base .. 'letters') }`,
);

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

/** Answers the targets for which events wait. */
export const waitingScript = script("waiting", `return redis.call('SMEMBERS', base .. 'targets')`);

/** Answers names and JSON of all subjects in turn. */
export const allSubjectsScript = script("all-subjects", `return redis.call('HGETALL', base .. 'subjects')`);

/** Answers the latest attempts at deliveries to a target, as JSON. Arguments: target, most. */
export const attemptsScript = script(
  "attempts",
  `return redis.call('LRANGE', base .. 'attempts:' .. ARGV[1], 0, tonumber(ARGV[2]) - 1)`,
);

/** Reads subjects: JSON of each name that follows. */
export const subjectsScript = script(
  "subjects",
  `
local found = {}
for _, name in ipairs(ARGV) do found[#found + 1] = redis.call('HGET', base .. 'subjects', name) or '' end
return found
`,
);

/** Answers names and JSON of the subjects that are due, at most as many as asked. Arguments: time, most. */
export const dueScript = script(
  "due",
  `
local found = {}
for _, name in ipairs(redis.call('ZRANGEBYSCORE', base .. 'due', '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])) do
  found[#found + 1] = name
  found[#found + 1] = redis.call('HGET', base .. 'subjects', name) or ''
end
return found
`,
);

function script(name: string, lua: string): QueueScript {
  return { name: `webhooks ${name}`, lua: allowFullMemory + queueFunctions + lua };
}
