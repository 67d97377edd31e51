-- keys: jobs meta lanes lane ready bulk active delayed parked paused
-- uses: base
-- The rules of lanes: which job is the head, and in which set its lane waits. kLane holds the set's letter and the head's id.
local sets = { r = kReady, b = kBulk, a = kActive, d = kDelayed, p = kParked }
local known_paused = {}

local function is_paused(queue)
  local known = known_paused[queue]
  if known == nil then
    known = call('SISMEMBER', kPaused, queue) == 1
    known_paused[queue] = known
  end
  return known
end

-- A job's place among all places of all lanes. Places before the first ever given out lie below the middle.
local function spot(lane, pos, id)
  return lane .. '\0' .. format('%016.0f', pos + 1e15) .. '\0' .. id
end

local function first_spot(lane)
  return call('ZRANGEBYLEX', kLanes, '[' .. lane .. '\0', '(' .. lane .. '\1', 'LIMIT', 0, 1)[1]
end

local function id_at(lane, at)
  return sub(at, #lane + 19)
end

local function place(lane, id, job)
  local set, score = 'd', job[AT]
  if score <= now then
    turn = turn + 1
    score = turn
    if is_paused(job[QUEUE]) then
      set = 'p'
    elseif job[CLASS] == 1 then
      set, woke_bulk = 'b', true
    else
      set, woke = 'r', true
    end
  end
  call('ZADD', sets[set], score, lane)
  call('HSET', kLane, lane, set .. id)
end

-- Finds the head of a lane nobody runs; a lane without jobs is forgotten. was: the set it is in now, if any.
local function settle(lane, was)
  if was then call('ZREM', sets[was], lane) end
  while true do
    local at = first_spot(lane)
    if not at then
      call('HDEL', kLane, lane)
      return
    end
    local id = id_at(lane, at)
    local job = read(id)
    if job then
      place(lane, id, job)
      return
    end
    call('ZREM', kLanes, at) -- a job deleted behind our back must not hold its lane
  end
end

local function held_in(lane)
  local held = call('HGET', kLane, lane)
  if not held then return nil, nil end
  return sub(held, 1, 1), sub(held, 2)
end

local function settle_unless_active(lane)
  local was = held_in(lane)
  if was ~= 'a' then settle(lane, was) end
end

-- Keeps the counters, and wakes who waits for work. A claim that got less than it asked for leaves a marker; whoever makes a
-- lane ready takes the marker away and publishes once.
local function close()
  if short then idle = '1' end
  if short_bulk then idle_bulk = '1' end
  local wake = woke and idle and not short and call('ZCARD', kReady) > 0
  local wake_bulk = woke_bulk and idle_bulk and not short_bulk and call('ZCARD', kBulk) > 0
  if wake then idle = '' end
  if wake_bulk then idle_bulk = '' end
  call('HSET', kMeta, 'seq', seq, 'turn', turn, 'token', token, 'idle', idle or '', 'idle_bulk', idle_bulk or '')
  if wake or wake_bulk then call('PUBLISH', sub(kMeta, 1, -5) .. 'wake', 'jobs') end
end
if idle == '' then idle = false end
if idle_bulk == '' then idle_bulk = false end
