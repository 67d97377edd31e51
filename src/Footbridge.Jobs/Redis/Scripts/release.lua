-- uses: finish
-- ARGV: 2 id, 3 token, 4 '1' when an answer may have been lost.
local id, held = ARGV[2], tonumber(ARGV[3])
local job = read(id)
if not job then return 0 end
if job[STATE] ~= ACTIVE or job[TOKEN] ~= held then return ARGV[4] == '1' and job[SETTLED] == held and 1 or 0 end
must_pass()
job[SETTLED], job[LOST], job[ATTEMPTS] = held, 0, job[ATTEMPTS] - 1
give_back(id, job, 0)
settle(job[LANE], 'a')
close()
return 1
