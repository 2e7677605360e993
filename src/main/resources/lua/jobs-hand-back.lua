-- Moves all entries from KEYS[1] to the front of KEYS[2] in their order.
local moved = 0
while redis.call('LMOVE', KEYS[1], KEYS[2], 'LEFT', 'RIGHT') do
  moved = moved + 1
end
return moved
