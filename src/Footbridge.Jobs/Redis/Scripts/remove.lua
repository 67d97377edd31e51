-- uses: deleting
local id = ARGV[3]
local job = read(id)
if not job or job[STATE] == ACTIVE then return 0 end
must_pass()
delete(id, job)
if job[STATE] == PENDING then
  call('ZREM', kLanes, spot(job[LANE], job[POS], id))
  settle_unless_active(job[LANE])
end
close()
return 1
