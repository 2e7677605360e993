-- Gives the lease KEYS[1] to the process ARGV[1] for ARGV[2] ms, or renews it. Returns 0 while another process has it.
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then
  -- No process sets a longer lease; somebody else did, or its expiry was lost.
  local left = redis.call('PTTL', KEYS[1])
  if left < 0 or left > tonumber(ARGV[2]) then
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
  end
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
