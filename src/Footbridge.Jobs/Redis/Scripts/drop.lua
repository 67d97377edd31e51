-- uses: finish
local lane, dropped = ARGV[2], 0
must_pass()
for _, at in ipairs(call('ZRANGEBYLEX', kLanes, '[' .. lane .. '\0', '(' .. lane .. '\1')) do
  local id = id_at(lane, at)
  local job = read(id)
  if job and job[STATE] ~= ACTIVE then
    finish(id, job, FAILED)
    blame(id, 'dropped with its lane by an operator', '')
    dropped = dropped + 1
  end
end
if dropped > 0 then settle_unless_active(lane) end
close()
return dropped
