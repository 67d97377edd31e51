-- keys: schedules
-- uses: base
-- ARGV: 2 id, 3 who says so.
local removed = call('HDEL', kSchedules, ARGV[2])
if removed == 1 then call('PUBLISH', sub(kMeta, 1, -5) .. 'wake', 'schedules ' .. ARGV[3]) end
return removed
