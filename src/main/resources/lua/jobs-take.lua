-- Moves entries from KEYS[1] to KEYS[2] until that list has ARGV[1] entries; returns all of them, oldest first.
-- Adds the worker ARGV[2] to the workers KEYS[3], in case it was removed as dead.
-- Sets the heartbeat KEYS[4] for ARGV[3] ms if there is none: the first one may be late or lost.
-- Entries that are in KEYS[2] already were not finished: the reply was lost, or a server was unavailable.
redis.call('SADD', KEYS[3], ARGV[2])
redis.call('SET', KEYS[4], '1', 'NX', 'PX', ARGV[3])
local taken = redis.call('LRANGE', KEYS[2], 0, -1)
for i = 1, math.floor(#taken / 2) do
  taken[i], taken[#taken + 1 - i] = taken[#taken + 1 - i], taken[i]
end
while #taken < tonumber(ARGV[1]) do
  local entry = redis.call('LMOVE', KEYS[1], KEYS[2], 'RIGHT', 'LEFT')
  if not entry then break end
  taken[#taken + 1] = entry
end
return taken
