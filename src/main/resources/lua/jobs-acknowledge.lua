-- Removes each of ARGV once from KEYS[1]; looks from the right, where the oldest are.
for _, entry in ipairs(ARGV) do
  redis.call('LREM', KEYS[1], -1, entry)
end
return #ARGV
