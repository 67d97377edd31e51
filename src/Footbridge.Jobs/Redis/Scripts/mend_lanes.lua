-- uses: finish
-- Makes lanes agree with their jobs. ARGV from 2: lanes. Returns those that did not.
local function is_sound(lane)
  local at = first_spot(lane)
  local was, held = held_in(lane)
  local score = was and sets[was] and call('ZSCORE', sets[was], lane)
  local job = at and read(id_at(lane, at))
  if not job or not score or held ~= id_at(lane, at) or (was == 'a') ~= (job[STATE] == ACTIVE) then return false end
  if was == 'a' then return true end
  if was == 'd' then return tonumber(score) == job[AT] end
  if is_paused(job[QUEUE]) then return was == 'p' end
  return was == (job[CLASS] == 1 and 'b' or 'r')
end

local mended = {}
for i = 2, #ARGV do
  local lane = ARGV[i]
  if not is_sound(lane) then
    mended[#mended + 1] = lane
    for _, set in pairs(sets) do call('ZREM', set, lane) end
    for _, at in ipairs(call('ZRANGEBYLEX', kLanes, '[' .. lane .. '\0', '(' .. lane .. '\1')) do
      local id = id_at(lane, at)
      local job = read(id)
      if job and job[STATE] == ACTIVE then
        job[ATTEMPTS] = job[ATTEMPTS] - 1
        give_back(id, job, 0)
      elseif not job or job[STATE] ~= PENDING then
        call('ZREM', kLanes, at)
      end
    end
    settle(lane, nil)
  end
end
if #mended > 0 then close() end
return mended
