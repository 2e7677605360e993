-- Replaces the claim ARGV[1] on KEYS[1] by the response ARGV[2], which expires after ARGV[3] milliseconds.
-- Does nothing if the claim has expired, since another request may have claimed the key.
-- MGET, since GET fails on a wrong type, and with it the batch of the pipeline.
if redis.call('MGET', KEYS[1])[1] == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
  return 1
end
return 0
