-- keys: payloads logs paused
-- uses: viewing
local id = ARGV[2]
local job = read(id)
if not job then return {} end
local blame = call('HGET', kErrors, id)
local lines = call('ZRANGEBYLEX', kLogs, '[' .. id .. '\0', '(' .. id .. '\1')
for i, line in ipairs(lines) do lines[i] = sub(line, #id + 17) end
return {
  now, call('SMEMBERS', kPaused), view(id, job), job[OWNER], blame and cmsgpack.unpack(blame)[2] or '',
  call('HGET', kPayloads, id) or '', lines,
}
