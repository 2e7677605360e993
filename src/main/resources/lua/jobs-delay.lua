-- Moves entry ARGV[1] from KEYS[1] to the sorted set KEYS[2], due at ARGV[2] (milliseconds).
-- Does nothing if the worker does not hold the entry any more.
if redis.call('LREM', KEYS[1], -1, ARGV[1]) > 0 then
  redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
end
return 1
