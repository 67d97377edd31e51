-- keys: index queues paused active lane
-- uses: base
-- For each queue: name, paused, due, delayed, active, completed, failed, since when the oldest that is due could run.
local running = {}
for _, lane in ipairs(call('ZRANGE', kActive, 0, -1)) do
  local held = call('HGET', kLane, lane)
  local job = held and read(sub(held, 2))
  if job then running[job[QUEUE]] = (running[job[QUEUE]] or 0) + 1 end
end

local function row(queue)
  local function range(state) return '[' .. queue .. '\0' .. state .. '\0', '(' .. queue .. '\0' .. state .. '\1' end
  local from, to = range(PENDING)
  local pending = call('ZLEXCOUNT', kIndex, from, to)
  local due = pending > 0 and call('ZLEXCOUNT', kIndex, from, '(' .. queue .. '\0' .. PENDING .. '\0' .. sortable(now + 1)) or 0
  local oldest = due > 0 and sub(call('ZRANGEBYLEX', kIndex, from, to, 'LIMIT', 0, 1)[1], #queue + 4, #queue + 18) or ''
  return {
    queue, call('SISMEMBER', kPaused, queue), due, pending - due, running[queue] or 0,
    call('ZLEXCOUNT', kIndex, range(COMPLETED)), call('ZLEXCOUNT', kIndex, range(FAILED)), oldest,
  }
end

local rows, shown = { now }, {}
for _, name in ipairs({ kQueues, kPaused }) do
  for _, queue in ipairs(call('SMEMBERS', name)) do
    if not shown[queue] then
      shown[queue] = true
      rows[#rows + 1] = row(queue)
    end
  end
end
return rows
