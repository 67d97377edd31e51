-- uses: finish
local lane = ARGV[2]
local was, id = held_in(lane)
local job = id and read(id)
if not job or was == 'a' then return 0 end
must_pass()
finish(id, job, FAILED)
blame(id, 'skipped by an operator', '')
settle(lane, was)
close()
return 1
