-- uses: adding
-- ARGV from 2: the jobs.
local results = {}
for at = 2, #ARGV, 9 do results[#results + 1] = add(at) end
close()
return results
