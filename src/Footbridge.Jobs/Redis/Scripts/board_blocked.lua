-- keys: lanes lane delayed parked
-- uses: viewing
-- Lanes that wait for a time or for their queue, the head created first coming first. ARGV: 2 take, 3 most lanes looked at.
local found, most = {}, tonumber(ARGV[3])
for _, set in ipairs({ kDelayed, kParked }) do
  for _, lane in ipairs(call('ZRANGE', set, 0, most - 1)) do
    local held = call('HGET', kLane, lane)
    local id = held and sub(held, 2)
    local job = id and read(id)
    if job then found[#found + 1] = { id, job } end
  end
end
table.sort(found, function(a, b)
  if a[2][CREATED] ~= b[2][CREATED] then return a[2][CREATED] < b[2][CREATED] end
  return a[2][SEQ] < b[2][SEQ]
end)
local rows = {}
for i = 1, math.min(tonumber(ARGV[2]), #found) do
  local id, job = found[i][1], found[i][2]
  local lane = job[LANE]
  rows[i] = { view(id, job), sub(call('HGET', kLane, lane), 1, 1), call('ZLEXCOUNT', kLanes, '[' .. lane .. '\0', '(' .. lane .. '\1') }
end
return rows
