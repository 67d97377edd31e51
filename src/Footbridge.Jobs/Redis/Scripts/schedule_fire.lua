-- keys: schedules
-- uses: adding
-- ARGV: 2 schedule, 3 tick, from 4 its job.
local state = call('HGET', kSchedules, ARGV[2])
state = state and cmsgpack.unpack(state)
local tick = tonumber(ARGV[3])
if not state or (state[8] ~= '' and state[8] >= tick) then return 0 end
add(4)
state[8] = tick
call('HSET', kSchedules, ARGV[2], cmsgpack.pack(state))
close()
return 1
