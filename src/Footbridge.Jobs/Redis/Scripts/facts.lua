-- uses: base
-- What the rule of waiting needs to know of a run. ARGV: 2 id, 3 token.
local job = read(ARGV[2])
if not job or job[STATE] ~= ACTIVE or job[TOKEN] ~= tonumber(ARGV[3]) then return {} end
return { job[POLICY], job[ATTEMPTS], job[FIRST] }
