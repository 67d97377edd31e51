-- keys: schedules
-- uses: base
local all, found = call('HGETALL', kSchedules), {}
for i = 1, #all, 2 do
  local state = cmsgpack.unpack(all[i + 1])
  table.insert(state, 1, all[i])
  found[#found + 1] = state
end
return found
