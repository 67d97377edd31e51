-- uses: claiming
-- ARGV from 6, five for each job: id, token, what may be taken next ('' nothing, 0 live, 1 also bulk), owner, lease. All are
-- settled before one is taken: the advance must not take back a job that is about to be completed.
local results = {}
must_pass()
for at = 6, #ARGV, 5 do
  local id, held = ARGV[at], tonumber(ARGV[at + 1])
  local job = read(id)
  local accepted = job and job[STATE] == ACTIVE and job[TOKEN] == held
  if accepted then
    job[SETTLED] = held
    finish(id, job, COMPLETED)
    settle(job[LANE], 'a')
  else
    accepted = job and is_repeated and job[SETTLED] == held
  end
  results[#results + 1] = { accepted and 1 or 0 }
end

local advanced = false
for at = 6, #ARGV, 5 do
  if ARGV[at + 2] ~= '' then
    if not advanced then
      advance()
      advanced = true
    end
    local claimer = { owner = ARGV[at + 3], lease = tonumber(ARGV[at + 4]) }
    claim(1, tonumber(ARGV[at + 2]), ':' .. at, claimer, results[(at - 6) / 5 + 1])
  end
end
close()
return results
