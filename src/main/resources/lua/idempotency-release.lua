-- Deletes the claim ARGV[1] on KEYS[1], unless it has expired.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
