-- Deletes the lease KEYS[1] of the process ARGV[1], unless another process has it.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
