-- uses: base
-- ARGV: 2 id, 3 token, 4 percent.
local job = read(ARGV[2])
if not job or job[STATE] ~= ACTIVE or job[TOKEN] ~= tonumber(ARGV[3]) then return 0 end
job[PROGRESS] = tonumber(ARGV[4])
write(ARGV[2], job)
return 1
