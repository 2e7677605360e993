-- Moves everything from KEYS[1] to the front of KEYS[2], keeping its order.
local moved = 0
while redis.call('LMOVE', KEYS[1], KEYS[2], 'LEFT', 'RIGHT') do
  moved = moved + 1
end
return moved
