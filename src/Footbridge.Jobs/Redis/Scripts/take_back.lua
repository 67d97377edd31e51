-- uses: claiming
-- Ends the runs of an owner that is certainly gone. ARGV from 6: the owner. There are only as many active lanes as workers have slots.
local taken = 0
must_pass()
for _, lane in ipairs(call('ZRANGE', kActive, 0, -1)) do
  local _, id = held_in(lane)
  local job = id and read(id)
  if job and job[STATE] == ACTIVE and job[OWNER] == ARGV[6] then
    take_back(lane, id)
    taken = taken + 1
  end
end
if taken > 0 then close() end
return taken
