import { script } from "./script.ts";

/** How long the number of the last accepted offer of a process is kept, in seconds: longer than an accept is repeated. */
const numberSeconds = 3_600;

/**
 * Applies steps of subjects if none of them has changed since it was read, adds events, and discards the oldest events of the
 * largest target above the limit. Arguments: limit in bytes; process, number of its last accepted offer, and number of the
 * last one of these ("" for none); number of subjects, and for each its name, JSON before, JSON after and due time ("" for
 * none); for each event its channel, text, number of targets and targets. Answers nil if a subject has changed, or if another
 * offer of the process was the last, else the earliest due time ("" for none), and the targets and numbers of discarded events.
 */
export const acceptScript = script(
  "accept",
  `
local index = 6
local function argument()
  index = index + 1
  return ARGV[index - 1]
end
local accepted, last = base .. 'accepted:' .. ARGV[2], ARGV[4]
if last ~= '' and (redis.call('GET', accepted) or '') ~= ARGV[3] then return nil end
local subjects = tonumber(ARGV[5])
for subject = 0, subjects - 1 do
  local found = redis.call('HGET', base .. 'subjects', ARGV[6 + subject * 4]) or ''
  if found ~= ARGV[7 + subject * 4] then return nil end
end
if last ~= '' then redis.call('SET', accepted, last, 'EX', ${numberSeconds}) end
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

if #ARGV > 5 then redis.call('INCR', base .. 'changes') end

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
 * Answers the number of the last accepted offer of a process ("" for none), and the JSON of each subject. Arguments: process,
 * names of subjects.
 */
export const subjectsScript = script(
  "subjects",
  `
local found = { redis.call('GET', base .. 'accepted:' .. ARGV[1]) or '' }
for at = 2, #ARGV do found[at] = redis.call('HGET', base .. 'subjects', ARGV[at]) or '' end
return found
`,
);

/** Answers the name and the JSON of each subject, one after the other. */
export const allSubjectsScript = script("all-subjects", `return redis.call('HGETALL', base .. 'subjects')`);

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
