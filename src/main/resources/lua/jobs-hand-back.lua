-- Moves up to ARGV[1] entries, youngest first, from KEYS[1] to the front of KEYS[2].
-- Several calls keep the order, too.
local moved = 0
while moved < tonumber(ARGV[1]) and redis.call('LMOVE', KEYS[1], KEYS[2], 'LEFT', 'RIGHT') do
  moved = moved + 1
end
return moved
