-- keys: jobs meta
-- Every script: what time it is, how a job is kept, and the counters. docs/decisions says which key holds what.
local call, format, sub, floor = redis.call, string.format, string.sub, math.floor

-- ARGV[1] is empty except in tests, which bring a clock of their own.
local now, micros = tonumber(ARGV[1]), nil
if now then
  micros = now * 1000
else
  local time = call('TIME')
  now = time[1] * 1000 + floor(time[2] / 1000)
  micros = time[1] * 1000000 + time[2]
end

-- A job's record is an array. AT: may start from (pending), started (active), finished. SETTLED: the token it was settled with last.
-- CALL: the request that claimed it.
local QUEUE, LANE, POLICY, CLASS, SEQ, POS, STATE, AT, CREATED, ATTEMPTS = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
local RUNS, LOST, TOKEN, OWNER, PROGRESS, STARTED, FIRST, FINISHED, SETTLED, CALL = 11, 12, 13, 14, 15, 16, 17, 18, 19, 20
local PENDING, ACTIVE, COMPLETED, FAILED = 0, 1, 2, 3

local function read(id)
  local record = call('HGET', kJobs, id)
  return record and cmsgpack.unpack(record)
end

local function write(id, job)
  call('HSET', kJobs, id, cmsgpack.pack(job))
end

-- Fixed width, so that text sorts as the number does.
local function sortable(number)
  return format('%015.0f', number)
end

-- Redis refuses a script whose first write could grow a memory that is full. Work that settles or frees begins with a write that
-- cannot, so that a full server still drains; only new jobs are refused.
local function must_pass()
  call('HDEL', kMeta, '-')
end

local counters = call('HMGET', kMeta, 'seq', 'turn', 'token', 'idle', 'idle_bulk')
local seq, turn, token = tonumber(counters[1] or 0), tonumber(counters[2] or 0), tonumber(counters[3] or 0)
local idle, idle_bulk = counters[4], counters[5]
local woke, woke_bulk, short, short_bulk = false, false, false, false

-- Tokens follow the clock, so that a server that has lost its memory does not give one out twice.
local function next_token()
  token = token + 1
  if token < micros then token = micros end
  return token
end
