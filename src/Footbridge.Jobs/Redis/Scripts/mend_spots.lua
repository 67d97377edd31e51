-- keys: index lanes
-- uses: base
-- Takes out places and entries whose job is gone. ARGV: 2 'lanes' or 'index', from 3 members. Returns the lanes concerned.
local lanes = {}
for at = 3, #ARGV do
  local member = ARGV[at]
  local id = string.match(member, '%z%d+%z([^%z]*)$')
  if not id or call('HEXISTS', kJobs, id) == 0 then
    call('ZREM', ARGV[2] == 'lanes' and kLanes or kIndex, member)
    if ARGV[2] == 'lanes' then lanes[#lanes + 1] = string.match(member, '^[^%z]*') end
  end
end
return lanes
