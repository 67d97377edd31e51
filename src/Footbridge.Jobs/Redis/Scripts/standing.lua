-- keys: seen
-- uses: base
-- For each id: 0 unknown, 1 open, 2 completed, 3 failed, 4 deleted.
local known = {}
for at = 2, #ARGV do
  local job = read(ARGV[at])
  if job then
    known[#known + 1] = job[STATE] < COMPLETED and 1 or job[STATE]
  else
    local til = call('ZSCORE', kSeen, ARGV[at])
    known[#known + 1] = til and tonumber(til) > now and 4 or 0
  end
end
return known
