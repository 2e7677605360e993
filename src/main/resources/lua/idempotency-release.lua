-- Deletes the claim ARGV[1] on KEYS[1], unless it has expired.
-- MGET, since GET fails on a wrong type, and with it the batch of the pipeline.
if redis.call('MGET', KEYS[1])[1] == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
