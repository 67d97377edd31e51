-- uses: claiming
-- ARGV from 6: slots in all, slots for bulk jobs, owner, lease.
local jobs = {}
must_pass()
advance()
claim(tonumber(ARGV[6]), tonumber(ARGV[7]), '', { owner = ARGV[8], lease = tonumber(ARGV[9]) }, jobs)
close()
return jobs
