-- Moves up to ARGV[1] entries that are due by the clock of Redis from KEYS[1] to KEYS[2].
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[1])
for _, entry in ipairs(due) do
  -- In this order, since the push fails if KEYS[2] has a wrong type.
  redis.call('LPUSH', KEYS[2], entry)
  redis.call('ZREM', KEYS[1], entry)
end
return #due
