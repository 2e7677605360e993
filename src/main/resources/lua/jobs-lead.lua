-- Gives the lease KEYS[1] to the process ARGV[1] for ARGV[2] ms, or renews it. Returns 0 while another process has it.
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
