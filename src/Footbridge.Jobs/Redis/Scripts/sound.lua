-- keys: lanes lane ready bulk active delayed parked index queues
-- uses: base
-- Whether the sets are as large as they must be for the jobs there are: a key that was deleted or evicted shows here.
local pending = 0
for _, queue in ipairs(call('SMEMBERS', kQueues)) do
  pending = pending + call('ZLEXCOUNT', kIndex, '[' .. queue .. '\0' .. PENDING .. '\0', '(' .. queue .. '\0' .. PENDING .. '\1')
end
local active = call('ZCARD', kActive)
local waiting = call('ZCARD', kReady) + call('ZCARD', kBulk) + call('ZCARD', kDelayed) + call('ZCARD', kParked)
local is_sound = call('HLEN', kJobs) == call('ZCARD', kIndex) + active
  and call('ZCARD', kLanes) == pending + active
  and call('HLEN', kLane) == waiting + active
return is_sound and 1 or 0
