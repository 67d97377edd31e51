-- keys: queues
-- uses: deleting
-- ARGV: 3 state, 4 age to keep, 5 how many to keep of each queue, 6 most to delete in this step. Oldest first.
local state, before, keep, room = ARGV[3], now - ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
local deleted = 0
must_pass()

local function clean(queue)
  local from, to = '[' .. queue .. '\0' .. state .. '\0', '(' .. queue .. '\0' .. state .. '\1'
  local over = call('ZLEXCOUNT', kIndex, from, to) - keep
  for n, at in ipairs(call('ZRANGEBYLEX', kIndex, from, to, 'LIMIT', 0, room - deleted)) do
    local time = #queue + 4
    if n > over and tonumber(sub(at, time, time + 14)) >= before then return end
    local id = sub(at, time + 32)
    local job = read(id)
    if job then delete(id, job) else call('ZREM', kIndex, at) end
    deleted = deleted + 1
  end
end

for _, queue in ipairs(call('SMEMBERS', kQueues)) do
  if deleted < room then clean(queue) end
end
local old = call('ZRANGEBYSCORE', kSeen, '-inf', now, 'LIMIT', 0, room)
for _, id in ipairs(old) do call('ZREM', kSeen, id) end
return { deleted, #old }
