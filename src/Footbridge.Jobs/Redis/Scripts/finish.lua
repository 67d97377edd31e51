-- keys: index rates errors
-- uses: lanes
-- The board's index (queue, state, time, seq, id) holds every job that is not running; rates is a ring of 60 minutes a queue.
local function entry(id, job)
  return job[QUEUE] .. '\0' .. job[STATE] .. '\0' .. sortable(job[AT]) .. '\0' .. sortable(job[SEQ]) .. '\0' .. id
end

local function index(id, job)
  call('ZADD', kIndex, 0, entry(id, job))
end

local function unindex(id, job)
  call('ZREM', kIndex, entry(id, job))
end

-- A slot holds its minute and its count in one number: one command in the common case.
local function count(queue, kind)
  local minute = floor(now / 60000)
  local field = queue .. '\0' .. kind .. '\0' .. minute % 60
  if floor(call('HINCRBY', kRates, field, 1) / 1e7) ~= minute then
    call('HSET', kRates, field, format('%.0f', minute * 1e7 + 1))
  end
end

local function blame(id, text, stack)
  call('HSET', kErrors, id, cmsgpack.pack({ text, stack }))
end

-- Takes a job out of its lane for good; its lane is the caller's to settle.
local function finish(id, job, state)
  if job[STATE] == PENDING then unindex(id, job) end
  call('ZREM', kLanes, spot(job[LANE], job[POS], id))
  job[STATE], job[AT], job[FINISHED], job[TOKEN], job[LOST] = state, now, now, 0, 0
  index(id, job)
  count(job[QUEUE], state == COMPLETED and 'c' or 'f')
  write(id, job)
end

-- Puts a job that was running back into its lane; its lane is the caller's to settle.
local function give_back(id, job, delay)
  job[STATE], job[AT], job[TOKEN] = PENDING, now + delay, 0
  index(id, job)
  write(id, job)
end
