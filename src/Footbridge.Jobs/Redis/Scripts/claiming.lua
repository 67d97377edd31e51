-- keys: payloads
-- uses: finish
-- ARGV: 2 runs in a row that may be lost with their worker, 3 bytes of payload after which one script takes no more, 4 '1' when
-- an answer to this very request may have been lost, 5 the request's own id.
local max_lost, room, is_repeated, call_id = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4] == '1', ARGV[5]
local given

-- Ends a run whose worker is gone. It used up no attempt, but a job may not take its workers down for ever.
local function take_back(lane, id)
  local job = id and read(id)
  if not job or job[STATE] ~= ACTIVE then
    settle(lane, 'a')
    return
  end
  local lost = job[LOST] + 1
  if lost < max_lost then
    job[LOST], job[ATTEMPTS] = lost, job[ATTEMPTS] - 1
    give_back(id, job, 0)
  else
    finish(id, job, FAILED)
    blame(id, 'the worker was lost ' .. lost .. ' times in a row while running this job', '')
  end
  settle(lane, 'a')
end

-- Delays that are over and leases that ran out; in portions, so that one script stays short. The due time of the rest lies in
-- the past, so they are looked for again at once.
local function advance()
  for _, lane in ipairs(call('ZRANGEBYSCORE', kDelayed, '-inf', now, 'LIMIT', 0, 500)) do
    settle(lane, 'd')
  end
  for _, lane in ipairs(call('ZRANGEBYSCORE', kActive, '-inf', now, 'LIMIT', 0, 500)) do
    local _, id = held_in(lane)
    take_back(lane, id)
  end
end

local function answer(id, job, payload)
  return { id, job[QUEUE], job[LANE], job[POLICY], job[CLASS], job[ATTEMPTS], job[RUNS], job[FIRST], job[TOKEN], payload, job[CREATED] }
end

-- Jobs that this request took when it was made before. They are active, so there are only as many as workers have slots.
local function given_before(part, out)
  if not is_repeated then return end
  if not given then
    given = {}
    for _, lane in ipairs(call('ZRANGE', kActive, 0, -1)) do
      local _, id = held_in(lane)
      local job = id and read(id)
      if job and job[STATE] == ACTIVE then
        given[job[CALL]] = given[job[CALL]] or {}
        table.insert(given[job[CALL]], answer(id, job, call('HGET', kPayloads, id) or ''))
      end
    end
  end
  for _, job in ipairs(given[call_id .. part] or {}) do out[#out + 1] = job end
end

local function start(lane, part, owner, lease)
  local _, id = held_in(lane)
  local job = id and read(id)
  if not job or job[STATE] ~= PENDING then
    -- Damage from outside. A lane whose job is gone goes on; one that contradicts its job is left to the repair.
    if not job then settle(lane, nil) end
    return nil
  end
  local payload = call('HGET', kPayloads, id)
  if not payload then
    finish(id, job, FAILED)
    blame(id, 'the payload of this job is gone from Redis', '')
    settle(lane, nil)
    return nil
  end
  unindex(id, job)
  job[STATE], job[AT], job[STARTED], job[TOKEN], job[OWNER] = ACTIVE, now, now, next_token(), owner
  job[ATTEMPTS], job[RUNS], job[PROGRESS], job[CALL] = job[ATTEMPTS] + 1, job[RUNS] + 1, 0, call_id .. part
  if job[FIRST] == 0 then job[FIRST] = now end
  write(id, job)
  call('ZADD', kActive, now + lease, lane)
  call('HSET', kLane, lane, 'a' .. id)
  room = room - #payload
  return answer(id, job, payload)
end

-- Moves heads of one class from their set to out; how many slots are left.
local function take(set, slots, part, claimer, out)
  while slots > 0 and room > 0 do
    local lane = call('ZPOPMIN', set)[1]
    if not lane then break end
    local job = start(lane, part, claimer.owner, claimer.lease)
    if job then
      out[#out + 1] = job
      slots = slots - 1
    end
  end
  return slots
end

-- part: tells apart what one request asks for several times.
local function claim(total, bulk, part, claimer, out)
  local before = #out
  given_before(part, out)
  if #out > before then return end
  local left = take(kReady, total, part, claimer, out)
  if left > 0 and room > 0 then short = true end
  local wanted = bulk < left and bulk or left
  if wanted > 0 and take(kBulk, wanted, part, claimer, out) > 0 and room > 0 then short_bulk = true end
end
