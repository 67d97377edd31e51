-- keys: payloads seen queues
-- uses: finish
-- A job travels as nine arguments: id, queue, lane, policy, delay, class, the job it comes after, earlier runs, payload.
local queues = {}

local function is_known(id)
  if call('HEXISTS', kJobs, id) == 1 then return true end
  local til = call('ZSCORE', kSeen, id)
  return til and tonumber(til) > now
end

-- 0 added, 1 known, 2 refused.
local function add(at)
  local id, queue, lane, policy, delay, class, after, runs, payload = unpack(ARGV, at, at + 8)
  if is_known(id) then return 1 end
  if after ~= '' and not is_known(after) then return 2 end
  seq = seq + 1
  if not queues[queue] then
    queues[queue] = true
    call('SADD', kQueues, queue)
  end
  local job = { queue, lane, policy, tonumber(class), seq, seq, PENDING, now + delay, now, 0, tonumber(runs), 0, 0, '', 0, 0, 0, 0, 0, '' }
  call('HSET', kPayloads, id, payload)
  call('ZADD', kLanes, 0, spot(lane, seq, id))
  if call('HEXISTS', kLane, lane) == 0 then place(lane, id, job) end
  index(id, job)
  write(id, job) -- what makes the id known comes last
  return 0
end
