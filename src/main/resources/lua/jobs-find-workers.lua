-- Adds the workers that have a list ARGV[2]<worker> to the workers KEYS[1], in case that set was lost.
-- A worker that it adds has ARGV[4] ms to send its heartbeat ARGV[3]<worker>.
-- Looks at about 1,000 keys from the cursor ARGV[1] on; returns the next cursor.
local page = redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2] .. '*', 'COUNT', 1000)
for _, key in ipairs(page[2]) do
  local worker = string.sub(key, #ARGV[2] + 1)
  if redis.call('SADD', KEYS[1], worker) == 1 then
    redis.call('SET', ARGV[3] .. worker, '1', 'NX', 'PX', ARGV[4])
  end
end
return page[1]
