-- keys: active
-- uses: base
-- ARGV: 2 lease, from 3 id and token of each.
local kept = {}
must_pass()
for at = 3, #ARGV, 2 do
  local job = read(ARGV[at])
  local is_held = job and job[STATE] == ACTIVE and job[TOKEN] == tonumber(ARGV[at + 1])
  if is_held then call('ZADD', kActive, now + ARGV[2], job[LANE]) end
  kept[#kept + 1] = is_held and 1 or 0
end
return kept
