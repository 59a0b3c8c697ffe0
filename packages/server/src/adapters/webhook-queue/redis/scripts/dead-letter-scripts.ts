import { script } from "./script.ts";

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
