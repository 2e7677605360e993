-- Moves entries from KEYS[1] to the list KEYS[2] until that has ARGV[1] entries; returns so many of them, oldest first.
-- KEYS[1] is a list, or a sorted set if ARGV[4] is 'zset'.
-- Adds the worker ARGV[2] to the workers KEYS[3], in case it was removed as dead.
-- Sets the heartbeat KEYS[4] for ARGV[3] ms if there is none: the first one may be late or lost.
-- Entries that are in KEYS[2] already were not finished: the reply was lost, or a server was unavailable.
local function next_entry()
  if ARGV[4] ~= 'zset' then
    return redis.call('LMOVE', KEYS[1], KEYS[2], 'RIGHT', 'LEFT')
  end
  local entry = redis.call('ZPOPMIN', KEYS[1])[1]
  if entry then
    redis.call('LPUSH', KEYS[2], entry)
  end
  return entry
end

redis.call('SADD', KEYS[3], ARGV[2])
if not redis.call('GET', KEYS[4]) then
  redis.call('SET', KEYS[4], '1', 'PX', ARGV[3])
end
local taken = redis.call('LRANGE', KEYS[2], -ARGV[1], -1)
for i = 1, math.floor(#taken / 2) do
  taken[i], taken[#taken + 1 - i] = taken[#taken + 1 - i], taken[i]
end
while #taken < tonumber(ARGV[1]) do
  local entry = next_entry()
  if not entry then break end
  taken[#taken + 1] = entry
end
return taken
