-- uses: lanes
-- ARGV: 2 queue, 3 '1' to stop it, '0' to let it go on. Lanes whose head is of this queue change their set and keep their turn.
local queue, stops = ARGV[2], ARGV[3] == '1'
must_pass()
call(stops and 'SADD' or 'SREM', kPaused, queue)

local function move(from, to_live, to_bulk)
  local lanes = call('ZRANGE', sets[from], 0, -1, 'WITHSCORES')
  for i = 1, #lanes, 2 do
    local lane = lanes[i]
    local _, id = held_in(lane)
    local job = id and read(id)
    if job and job[QUEUE] == queue then
      local to = job[CLASS] == 1 and to_bulk or to_live
      call('ZREM', sets[from], lane)
      call('ZADD', sets[to], lanes[i + 1], lane)
      call('HSET', kLane, lane, to .. id)
    end
  end
end

if stops then
  move('r', 'p', 'p')
  move('b', 'p', 'p')
else
  move('p', 'r', 'b')
  woke, woke_bulk = true, true
end
close()
return 1
