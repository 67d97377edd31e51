-- uses: finish
-- ARGV: 2 id, 3 token, 4 '1' when an answer may have been lost, 5 delay ('' when final), 6 attempts to give back, 7 error, 8 stack.
local id, held = ARGV[2], tonumber(ARGV[3])
local job = read(id)
if not job then return 0 end
if job[STATE] ~= ACTIVE or job[TOKEN] ~= held then return ARGV[4] == '1' and job[SETTLED] == held and 1 or 0 end
must_pass()
job[SETTLED], job[LOST] = held, 0
if ARGV[5] == '' then
  finish(id, job, FAILED)
else
  job[ATTEMPTS] = job[ATTEMPTS] - ARGV[6]
  give_back(id, job, tonumber(ARGV[5]))
end
blame(id, ARGV[7], ARGV[8])
settle(job[LANE], 'a')
close()
return 1
