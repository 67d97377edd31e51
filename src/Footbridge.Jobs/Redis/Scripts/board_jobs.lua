-- keys: index queues paused active lane
-- uses: viewing
-- One page. ARGV: 2 what (waiting, paused, delayed, active, completed, failed), 3 queue ('' for all), 4 skip, 5 take.
local what, only, skip, take = ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local states = { waiting = PENDING, paused = PENDING, delayed = PENDING, completed = COMPLETED, failed = FAILED }
local newest_first = what == 'completed' or what == 'failed'
local found = {}

local function add_running()
  for _, lane in ipairs(call('ZRANGE', kActive, 0, -1)) do
    local held = call('HGET', kLane, lane)
    local id = held and sub(held, 2)
    local job = id and read(id)
    if job and (only == '' or job[QUEUE] == only) then found[#found + 1] = { id, sortable(job[AT]), job[QUEUE], sortable(job[SEQ]) } end
  end
end

local function add_indexed(queue)
  local is_paused = call('SISMEMBER', kPaused, queue) == 1
  if what == 'waiting' and is_paused or what == 'paused' and not is_paused then return end
  local head = queue .. '\0' .. states[what] .. '\0'
  local from, to = '[' .. head, '(' .. queue .. '\0' .. states[what] .. '\1'
  if what == 'delayed' then from = '[' .. head .. sortable(now + 1) end
  if what == 'waiting' or what == 'paused' then to = '(' .. head .. sortable(now + 1) end
  local page
  if newest_first then
    page = call('ZREVRANGEBYLEX', kIndex, to, from, 'LIMIT', 0, skip + take)
  else
    page = call('ZRANGEBYLEX', kIndex, from, to, 'LIMIT', 0, skip + take)
  end
  local time = #head + 1
  for _, at in ipairs(page) do found[#found + 1] = { sub(at, time + 32), sub(at, time, time + 14), queue, sub(at, time + 16, time + 30) } end
end

if what == 'active' then
  add_running()
elseif only ~= '' then
  add_indexed(only)
else
  for _, queue in ipairs(call('SMEMBERS', kQueues)) do add_indexed(queue) end
end

table.sort(found, function(a, b)
  if newest_first then a, b = b, a end
  for field = 2, 3 do
    if a[field] ~= b[field] then return a[field] < b[field] end
  end
  return a[4] < b[4]
end)
local rows = { now, call('SMEMBERS', kPaused) }
for i = skip + 1, math.min(skip + take, #found) do
  local job = read(found[i][1])
  if job then rows[#rows + 1] = view(found[i][1], job) end
end
return rows
