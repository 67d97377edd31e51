-- uses: finish
-- ARGV: 2 id, 3 '1' for the lane's head.
local id = ARGV[2]
local job = read(id)
if not job or job[STATE] ~= FAILED then return 0 end

-- Behind a running job: the two swap, so that places stay distinct and the running one stays first.
local function head_pos(lane)
  local at = first_spot(lane)
  if not at then return 0 end
  local first = id_at(lane, at)
  local other = read(first)
  if not other then return 0 end
  local pos = other[POS]
  if other[STATE] ~= ACTIVE then return pos - 1 end
  call('ZREM', kLanes, at)
  other[POS] = pos - 1
  call('ZADD', kLanes, 0, spot(lane, pos - 1, first))
  write(first, other)
  return pos
end

unindex(id, job)
if ARGV[3] == '1' then
  job[POS] = head_pos(job[LANE])
else
  seq = seq + 1
  job[POS] = seq
end
job[ATTEMPTS], job[LOST], job[PROGRESS], job[FIRST], job[FINISHED] = 0, 0, 0, 0, 0
call('ZADD', kLanes, 0, spot(job[LANE], job[POS], id))
give_back(id, job, 0)
settle_unless_active(job[LANE])
close()
return 1
