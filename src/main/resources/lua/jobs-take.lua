-- Moves entries from KEYS[1] to KEYS[2] until that one has ARGV[1]; returns all it has, oldest first.
-- Worker ARGV[2] is known in KEYS[3] from then on: one that was taken for dead and forgotten may be at work again.
-- Who takes is alive, and is so for ARGV[3] ms without a heartbeat in KEYS[4]: the first one may be under way, or lost.
-- What stood there already was taken before and not finished: its reply was lost, or a server was away.
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
