import { positionSeconds, repeatSeconds } from "../../../../ports/broker.ts";
import type { Script } from "../connection/redis-connection.ts";
import {
  allowFullMemory,
  channelFunctions,
  checkEpochFunction,
  historyFunctions,
  raiseFence,
} from "./channel-functions.ts";
import { takeFunction } from "./rate-script.ts";

/**
 * Joins one connection. Further arguments: socket id, user or "", user_info, arrival, departure, most users, then epoch,
 * offset and limit of the wanted history, limit 0 for none, an epoch to use if the channel needs one, and whether one that
 * has none needs one. Further keys: stream, last and data of the history. Answers "full", or
 * connections, facts, roster as user and user_info in turn, and history.
 */
export const joinScript: Script = {
  name: "join",
  lua: `${channelFunctions}${historyFunctions}
local socket, user, info, arrival, departure = ARGV[7], ARGV[8], ARGV[9], ARGV[10], ARGV[11]
if user ~= '' and redis.call('HEXISTS', KEYS[5], user) == 0 and redis.call('HLEN', KEYS[5]) >= tonumber(ARGV[12]) then
  return 'full'
end
local before = connections()
local own = tonumber(redis.call('HGET', KEYS[1], node) or '0')
setCount(own + 1)
if before == 0 then facts[#facts + 1] = 'o' end
mark()
if user ~= '' and addUser(socket, user, info, departure) then
  facts[#facts + 1] = 'a' .. user
  announce('a', socket, user, arrival)
end
writeIndex(before + 1)

local limit = tonumber(ARGV[15])
local history = limit > 0 and readHistory(KEYS[10], KEYS[11], KEYS[12], ARGV[13], tonumber(ARGV[14]), limit, ARGV[16], ARGV[17]) or {}
return { before + 1, withUnanswered(), user ~= '' and roster() or {}, history }`,
};

/** Takes one connection off. Further argument: socket id on presence channels, else "". Answers connections and facts. */
export const leaveScript: Script = {
  name: "leave",
  lua: `${allowFullMemory}${channelFunctions}
local own = tonumber(redis.call('HGET', KEYS[1], node) or '0')
if own > 0 then
  setCount(own - 1)
  if ARGV[7] ~= '' then removeUser(ARGV[7]) end
  local sum = connections()
  writeIndex(sum)
  if sum == 0 then facts[#facts + 1] = 'v' end
end
return { connections(), withUnanswered() }`,
};

/**
 * Makes the channel agree with what a node holds. Further arguments: mode, see `SyncMode`; number of connections that the
 * node has, and that have left and are restored; five about the wanted history, as above; then for each of them on a
 * presence channel: socket id, user, user_info, arrival, departure. Further keys: stream, last and data of the history.
 * Answers connections, facts, roster and history as above.
 */
export const syncScript: Script = {
  name: "sync",
  lua: `${allowFullMemory}${channelFunctions}${historyFunctions}
${raiseFence(9, 5)}local mode, has, left = ARGV[7], tonumber(ARGV[8]), tonumber(ARGV[9])
local limit = tonumber(ARGV[12])
local before = connections()
local held = {}
for at = 15, #ARGV, 5 do
  local socket, user = ARGV[at], ARGV[at + 1]
  held[socket] = true
  if addUser(socket, user, ARGV[at + 2], ARGV[at + 4]) then
    if mode == 'return' then facts[#facts + 1] = 'a' .. user end
    -- Nodes whose subscribers know the user do not pass it on.
    announce('a', '', user, ARGV[at + 3])
  end
end
if mode == 'restore' then
  setCount(has + left)
  writeIndex(connections())
  return { connections(), withUnanswered() }
end
setCount(has)
local sum = connections()
if mode == 'return' and before == 0 and sum > 0 then table.insert(facts, 1, 'o') end
local entries = redis.call('HGETALL', KEYS[4])
for at = 1, #entries, 2 do
  if string.match(entries[at + 1], '^[^\\n]*') == node and not held[entries[at]] then removeUser(entries[at]) end
end
writeIndex(sum)
if before > 0 and sum == 0 then facts[#facts + 1] = 'v' end
mark()
local history = limit > 0 and readHistory(KEYS[10], KEYS[11], KEYS[12], ARGV[10], tonumber(ARGV[11]), limit, ARGV[13], ARGV[14]) or {}
return { sum, withUnanswered(), roster(), history }`,
};

/**
 * Publishes an event that is kept, has an id, or counts towards a rate. Keys: stream, last, data, and what remembers the id and
 * the app's rate, if there are such. Arguments: publish command, topic, socket id that is left out or "", number of the
 * publish, message, most events (0: the event is not kept), time to live in seconds, epoch to use if there is none,
 * whether there is an id, events to count (0: there is no rate), most per second. Answers epoch and offset, and whether the
 * event is published now; or the milliseconds until the rate allows it.
 */
export const publishScript: Script = {
  name: "publish",
  lua: `${takeFunction}${checkEpochFunction}
local known = ARGV[9] == '1' and KEYS[4]
if known then
  local first = redis.call('GET', known)
  if first then return { string.match(first, '^%S*'), string.match(first, '%d*$'), 0 } end
end
local events = tonumber(ARGV[10])
local waitMs = events > 0 and refusedMs(KEYS[#KEYS], events, tonumber(ARGV[11]))
if waitMs then return waitMs end
local epoch, offset, position = '', '', ''
if ARGV[6] ~= '0' then
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  checkEpoch(KEYS[2], KEYS[3], ARGV[8])
  if redis.call('HSETNX', KEYS[2], 'epoch', ARGV[8]) == 1 then
    redis.call('HSET', KEYS[2], 'mark', redis.call('HGET', KEYS[3], 'mark') or '')
  end
  epoch = redis.call('HGET', KEYS[2], 'epoch')
  offset = redis.call('HINCRBY', KEYS[2], 'offset', 1)
  local ttl = tonumber(ARGV[7]) * 1000
  redis.call('XADD', KEYS[1], 'MAXLEN', ARGV[6], offset .. '-0', 'm', ARGV[5], 'x', now + ttl, 't', now)
  redis.call('PEXPIRE', KEYS[1], math.max(redis.call('PTTL', KEYS[1]), ttl, 1000))
  redis.call('PEXPIRE', KEYS[2], math.max(redis.call('PTTL', KEYS[2]), ttl + ${positionSeconds * 1_000}))
  position = epoch .. ':' .. offset
end
redis.call(ARGV[1], ARGV[2], 'p\\n' .. ARGV[3] .. '\\n' .. position .. '\\n' .. ARGV[4] .. '\\n' .. ARGV[5])
if known then redis.call('SET', known, epoch .. ' ' .. offset, 'EX', ${repeatSeconds}) end
return { epoch, offset, 1 }`,
};

/**
 * Removes some connections of a dead node from a presence channel. Further arguments: cursor, and how many connections to look
 * at. Answers the next cursor, "0" at the end, and connections and facts as above. One connection of the node remains
 * counted, so that the channel stays among those that it holds; a synchronization removes it.
 */
export const reapScript: Script = {
  name: "reap",
  lua: `${allowFullMemory}${channelFunctions}
local scanned = redis.call('HSCAN', KEYS[4], ARGV[7], 'COUNT', ARGV[8])
local removed = 0
for at = 1, #scanned[2], 2 do
  if string.match(scanned[2][at + 1], '^[^\\n]*') == node then
    removeUser(scanned[2][at])
    removed = removed + 1
  end
end
local own = tonumber(redis.call('HGET', KEYS[1], node) or '0')
redis.call('HSET', KEYS[1], node, math.max(own - removed, 1))
local sum = connections()
writeIndex(sum)
return { scanned[1], sum, withUnanswered() }`,
};

/** Reads kept events. Keys: stream, last, data. Arguments: five about the wanted history, as above. */
export const historyScript: Script = {
  name: "history",
  lua: `${allowFullMemory}${historyFunctions}
return readHistory(KEYS[1], KEYS[2], KEYS[3], ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4], ARGV[5])`,
};

/** Counts of one channel. Keys: index, order. Argument: channel. Answers its index entry and its users. */
export const channelScript: Script = {
  name: "channel",
  lua: `return { redis.call('HGET', KEYS[1], ARGV[1]), ARGV[2] == '1' and redis.call('ZRANGE', KEYS[2], 0, -1) or {} }`,
};

/** A part of a bucket's index. Key: index. Argument: cursor. */
export const indexScript: Script = {
  name: "index",
  lua: `return redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', 1000)`,
};

/** A part of the channels that a node holds in a bucket. Key: held. Argument: cursor. Answers the next cursor, "0" at the end. */
export const heldScript: Script = {
  name: "held",
  lua: `return redis.call('SSCAN', KEYS[1], ARGV[1], 'COUNT', 100)`,
};
