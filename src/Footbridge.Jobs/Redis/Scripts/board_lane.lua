-- keys: lanes paused
-- uses: viewing
-- ARGV: 2 lane, 3 take.
local lane, rows = ARGV[2], { now, call('SMEMBERS', kPaused) }
for _, at in ipairs(call('ZRANGEBYLEX', kLanes, '[' .. lane .. '\0', '(' .. lane .. '\1', 'LIMIT', 0, ARGV[3])) do
  local id = sub(at, #lane + 19)
  local job = read(id)
  if job then rows[#rows + 1] = view(id, job) end
end
return rows
