-- Renames each key whose type is wrong to a name where it expires after ARGV[1] ms.
-- KEYS has each key and its other name, ARGV[2..] the type of each. Returns a description of each renamed key.
local moved = {}
for i = 1, #KEYS, 2 do
  local type = redis.call('TYPE', KEYS[i])['ok']
  if type ~= 'none' and type ~= ARGV[(i + 3) / 2] then
    redis.call('RENAME', KEYS[i], KEYS[i + 1])
    redis.call('PEXPIRE', KEYS[i + 1], ARGV[1])
    moved[#moved + 1] = KEYS[i] .. ' was a ' .. type .. ' and is now ' .. KEYS[i + 1]
  end
end
return moved
