-- Replaces the claim ARGV[1] on KEYS[1] by the answer ARGV[2], kept for ARGV[3] milliseconds.
-- A claim that ran out may be another's by now, so it is replaced only where it is still ours.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
  return 1
end
return 0
