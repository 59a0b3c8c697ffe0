import type { Script } from "../connection/redis-connection.ts";

/**
 * Counts events towards the rate of an app. A second begins with its first event. Returns the milliseconds until the
 * next one if the events do not fit.
 */
export const takeFunction = `
local function refusedMs(key, events, perSecond)
  local count = tonumber(redis.call('GET', key) or '0')
  if count > 0 and count + events > perSecond then return math.max(redis.call('PTTL', key), 1) end
  if count == 0 then redis.call('SET', key, events, 'PX', 1000)
  else redis.call('INCRBY', key, events) end
end
`;

/** Counts events. Key: the app's rate. Arguments: events, most per second. Answers 0, or the milliseconds to wait. */
export const takeScript: Script = {
  name: "take",
  lua: `${takeFunction}
return refusedMs(KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])) or 0`,
};
