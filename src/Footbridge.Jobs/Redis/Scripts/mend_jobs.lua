-- keys: queues
-- uses: finish
-- Brings back what is missing around jobs. ARGV from 2: ids. Returns the lanes to look at: a job was missing from them, or they
-- were missing themselves.
local lanes, found = {}, {}
for at = 2, #ARGV do
  local id = ARGV[at]
  local job = read(id)
  if job then
    local lane = job[LANE]
    call('SADD', kQueues, job[QUEUE])
    if job[STATE] ~= ACTIVE then index(id, job) end
    if job[STATE] < COMPLETED then
      local was_missing = call('ZADD', kLanes, 0, spot(lane, job[POS], id)) == 1 or call('HEXISTS', kLane, lane) == 0
      if was_missing and not found[lane] then
        found[lane] = true
        lanes[#lanes + 1] = lane
      end
    end
  end
end
return lanes
