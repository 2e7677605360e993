-- Moves entries from the list KEYS[1] to the sorted set KEYS[2]. ARGV has the score and the text of each entry.
-- Leaves out the entries that the worker does not hold any more.
redis.call('ZCARD', KEYS[2]) -- Fails on a wrong type before anything has changed.
for i = 1, #ARGV, 2 do
  if redis.call('LREM', KEYS[1], -1, ARGV[i + 1]) > 0 then
    redis.call('ZADD', KEYS[2], ARGV[i], ARGV[i + 1])
  end
end
return 1
