-- Removes each of ARGV once from KEYS[1], searching from the right end, where the oldest entries are.
for _, entry in ipairs(ARGV) do
  redis.call('LREM', KEYS[1], -1, entry)
end
return #ARGV
