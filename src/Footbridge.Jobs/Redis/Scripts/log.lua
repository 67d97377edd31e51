-- keys: logs
-- uses: base
-- ARGV: 2 id, 3 line, 4 most lines kept. A member is id, number, time, line.
local id = ARGV[2]
if call('HEXISTS', kJobs, id) == 0 then return 0 end
local from, to = '[' .. id .. '\0', '(' .. id .. '\1'
call('ZADD', kLogs, 0, id .. '\0' .. sortable(call('HINCRBY', kMeta, 'line', 1)) .. sortable(now) .. ARGV[3])
local over = call('ZLEXCOUNT', kLogs, from, to) - ARGV[4]
if over > 0 then
  for _, old in ipairs(call('ZRANGEBYLEX', kLogs, from, to, 'LIMIT', 0, over)) do call('ZREM', kLogs, old) end
end
return 1
