-- keys: schedules
-- uses: base
-- ARGV: 2 id, then cron, zone, queue, lane, payload, policy, who says so. A record holds those, when its id came first, and the latest tick.
local id = ARGV[2]
local old = call('HGET', kSchedules, id)
old = old and cmsgpack.unpack(old)
local created, tick = old and old[7] or now, old and old[8] or ''
call('HSET', kSchedules, id, cmsgpack.pack({ ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8], created, tick }))
call('PUBLISH', sub(kMeta, 1, -5) .. 'wake', 'schedules ' .. ARGV[9])
return 1
