import { positionSeconds } from "../../../../ports/broker.ts";

const positionMs = positionSeconds * 1_000;

/**
 * How many channels of a bucket keep a position although nothing was published on them yet. Clients can name any number of
 * channels; above this number, the positions that were asked for the longest ago are forgotten.
 */
export const maxUnusedPositions = 1_000;

/** First line of scripts that free memory in the end: Redis runs them even if its memory is full. */
export const allowFullMemory = `#!lua flags=allow-oom
`;

/**
 * How long Redis keeps the fence, in seconds. A late command can arrive only within this time: by default, Redis closes the
 * connection of a machine that has not answered for 10 minutes.
 */
const fenceSeconds = 900;
/** How long after the end of its lease a process may rely on the fence, in seconds. */
export const trustSeconds = 300;

/**
 * Refuses a command that arrives after its node has synchronized, or after other nodes have declared the node dead: the
 * connection that carried it was lost, and its sender counts it as failed. The fence is the lowest request number that Redis
 * accepts from the node.
 *
 * @param key position of the fence in KEYS
 * @param request position of the request's number in ARGV
 */
export function refuseLate(key: number, request: number): string {
  return `if tonumber(ARGV[${request}]) < tonumber(redis.call('GET', KEYS[${key}]) or '0') then return 'late' end
`;
}

/** Refuses commands of the node with lower numbers from now on. Parameters as above. */
export function raiseFence(key: number, request: number): string {
  return `redis.call('SET', KEYS[${key}], ARGV[${request}], 'EX', ${fenceSeconds})
`;
}

/**
 * What the scripts of a channel share. A bucket is a part of the channels of an app whose keys are in one hash slot. Keys of a channel, in this order:
 * 1 counts: hash, node → its connections on the channel. 2 index of the bucket: hash, channel → "connections users".
 * 3 held: set, channels of the bucket that the node holds. 4 connections: hash, socket id → "node\nuser\nuser_info", on
 * presence channels. 5 users: hash, user → its socket ids, the longest connected first. 6 order: sorted set, users by
 * arrival. 7 departures: hash, user → message for the others. 8 facts: hash, node → facts whose answer may be lost.
 * 9 fence: number of the node's last synchronization in the bucket. 12 data: has the mark of the bucket's data, which an
 * announcement names, and the order of its last fact. Arguments begin with: publish command, topic, channel, node, number of
 * the request, number of the last answered request.
 */
export const channelFunctions = `
local publish, topic, channel, node = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local request, answered = tonumber(ARGV[5]), tonumber(ARGV[6])
local facts = {}
${refuseLate(9, 5)}
local function connections()
  local sum = 0
  for _, count in ipairs(redis.call('HVALS', KEYS[1])) do sum = sum + tonumber(count) end
  return sum
end

local dataMark
local function announce(change, except, user, message)
  dataMark = dataMark or redis.call('HGET', KEYS[12], 'mark') or ''
  redis.call(publish, topic, change .. ' ' .. dataMark .. '\\n' .. except .. '\\n' .. user .. '\\n' .. message)
end

-- Publishes a message that shows where this request takes effect in the order of deliveries.
local function mark()
  redis.call(publish, topic, 'j\\n' .. node .. ' ' .. request)
end

local function addUser(socket, user, info, departure)
  local known = redis.call('HSET', KEYS[4], socket, node .. '\\n' .. user .. '\\n' .. info) == 0
  if known then return false end
  local sockets = redis.call('HGET', KEYS[5], user)
  if sockets then
    redis.call('HSET', KEYS[5], user, sockets .. ' ' .. socket)
    return false
  end
  redis.call('HSET', KEYS[5], user, socket)
  local last = redis.call('ZREVRANGE', KEYS[6], 0, 0, 'WITHSCORES')
  redis.call('ZADD', KEYS[6], (tonumber(last[2]) or 0) + 1, user)
  redis.call('HSET', KEYS[7], user, departure)
  return true
end

local function removeUser(socket)
  local entry = redis.call('HGET', KEYS[4], socket)
  if not entry then return end
  redis.call('HDEL', KEYS[4], socket)
  local user = string.match(entry, '^[^\\n]*\\n([^\\n]*)\\n')
  local sockets = ' ' .. (redis.call('HGET', KEYS[5], user) or '') .. ' '
  local from, to = string.find(sockets, ' ' .. socket .. ' ', 1, true)
  if from then sockets = string.sub(sockets, 1, from) .. string.sub(sockets, to + 1) end
  if string.find(sockets, '%S') then
    redis.call('HSET', KEYS[5], user, string.match(sockets, '^%s*(.-)%s*$'))
    return
  end
  redis.call('HDEL', KEYS[5], user)
  redis.call('ZREM', KEYS[6], user)
  announce('r', '', user, redis.call('HGET', KEYS[7], user) or '')
  redis.call('HDEL', KEYS[7], user)
  facts[#facts + 1] = 'r' .. user
end

-- Users and their user_info in turn, in the order of their arrival.
local function roster()
  local members = {}
  for _, member in ipairs(redis.call('ZRANGE', KEYS[6], 0, -1)) do
    local first = string.match(redis.call('HGET', KEYS[5], member) or '', '^%S+')
    local entry = first and redis.call('HGET', KEYS[4], first)
    members[#members + 1] = member
    members[#members + 1] = entry and string.match(entry, '^[^\\n]*\\n[^\\n]*\\n(.*)$') or ''
  end
  return members
end

local function setCount(count)
  if count > 0 then
    redis.call('HSET', KEYS[1], node, count)
    redis.call('SADD', KEYS[3], channel)
  else
    redis.call('HDEL', KEYS[1], node)
    redis.call('SREM', KEYS[3], channel)
  end
end

local function writeIndex(sum)
  if sum > 0 then redis.call('HSET', KEYS[2], channel, sum .. ' ' .. redis.call('HLEN', KEYS[5]))
  else redis.call('HDEL', KEYS[2], channel) end
end

-- Where the facts of this request stand among all of the bucket, also after the loss of its data: about the time.
local function nextOrder()
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local order = math.max(now, (tonumber(redis.call('HGET', KEYS[12], 'order')) or 0) + 1)
  redis.call('HSET', KEYS[12], 'order', order)
  return order
end

-- Every answer repeats a fact until a later request confirms it. Each fact carries the number of the request that caused it,
-- and its order.
local function unconfirmedFacts()
  local kept = {}
  local stored = redis.call('HGET', KEYS[8], node)
  for number, fact in string.gmatch(stored or '', '(%d+)([^\\n]*)\\n') do
    if tonumber(number) > answered then kept[#kept + 1] = { number, fact } end
  end
  return stored, kept
end

local function withUnanswered()
  local stored, kept = unconfirmedFacts()
  local all = {}
  local lines = {}
  for _, entry in ipairs(kept) do
    all[#all + 1] = entry[1] .. entry[2]
    lines[#lines + 1] = entry[1] .. entry[2] .. '\\n'
  end
  local numbers = #facts > 0 and request .. ' ' .. nextOrder()
  for _, fact in ipairs(facts) do
    all[#all + 1] = numbers .. fact
    lines[#lines + 1] = numbers .. fact .. '\\n'
  end
  if #lines > 0 then
    redis.call('HSET', KEYS[8], node, table.concat(lines))
    redis.call('EXPIRE', KEYS[8], 300)
  elseif stored then redis.call('HDEL', KEYS[8], node) end
  return all
end
`;

/** Begins another epoch of a channel whose epoch began with other data: positions of events that were lost are given out again. */
export const checkEpochFunction = `
local function checkEpoch(lastKey, dataKey, newEpoch)
  local last = redis.call('HMGET', lastKey, 'epoch', 'mark')
  if not last[1] then return end
  local mark = redis.call('HGET', dataKey, 'mark') or ''
  if last[2] ~= mark then redis.call('HSET', lastKey, 'epoch', newEpoch, 'mark', mark) end
end
`;

/** Reads kept events: as many as are asked for, but all of them from Redis after a gap. */
export const historyFunctions = `${checkEpochFunction}
-- A sorted set has the keys of these positions, and when they were asked for; some may be used since.
local function noteUnused(lastKey, dataKey, now)
  local unused = dataKey .. ':unused'
  redis.call('ZADD', unused, now, lastKey)
  redis.call('PEXPIRE', unused, ${positionMs})
  local excess = redis.call('ZCARD', unused) - ${maxUnusedPositions}
  if excess <= 0 then return end
  local oldest = redis.call('ZPOPMIN', unused, excess)
  for at = 1, #oldest, 2 do
    if redis.call('HGET', oldest[at], 'offset') == '0' then redis.call('DEL', oldest[at]) end
  end
end

-- begins: whether a channel that has no epoch gets one.
local function readHistory(streamKey, lastKey, dataKey, epoch, offset, limit, newEpoch, begins)
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  checkEpoch(lastKey, dataKey, newEpoch)
  if begins == '1' then
    if redis.call('HSETNX', lastKey, 'epoch', newEpoch) == 1 then
      redis.call('HSET', lastKey, 'offset', 0, 'mark', redis.call('HGET', dataKey, 'mark') or '')
    end
    redis.call('PEXPIRE', lastKey, math.max(redis.call('PTTL', lastKey), ${positionMs}))
    if redis.call('HGET', lastKey, 'offset') == '0' then noteUnused(lastKey, dataKey, now) end
  end
  local last = redis.call('HMGET', lastKey, 'epoch', 'offset')
  if not last[1] then return { '', 0, epoch ~= '' and 1 or 0, {} } end

  local function unexpired(entries)
    local events = {}
    for _, entry in ipairs(entries) do
      local fields = entry[2]
      local left = tonumber(fields[4]) - now
      if left > 0 then events[#events + 1] = { tonumber(string.match(entry[1], '^%d+')), fields[2], fields[6], left } end
    end
    return events
  end

  local lastOffset = tonumber(last[2])
  local most = math.max(limit, 1)
  local gap = 0
  local events = {}
  if epoch == '' then
    local newest = unexpired(redis.call('XREVRANGE', streamKey, '+', '-', 'COUNT', most))
    for index = #newest, 1, -1 do events[#events + 1] = newest[index] end
  else
    if epoch == last[1] and offset <= lastOffset then
      events = unexpired(redis.call('XRANGE', streamKey, (offset + 1) .. '-0', '+', 'COUNT', most))
      if offset < lastOffset and (not events[1] or events[1][1] ~= offset + 1) then gap = 1 end
    else gap = 1 end
    if gap == 1 then events = unexpired(redis.call('XRANGE', streamKey, '-', '+')) end
  end
  local flat = {}
  for index = 1, math.min(#events, limit) do
    for _, field in ipairs(events[index]) do flat[#flat + 1] = field end
  end
  return { last[1], lastOffset, gap, flat }
end
`;
