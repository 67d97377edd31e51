-- keys: payloads logs seen
-- uses: finish
-- ARGV[2]: how long the id of a deleted job stays known.
local function delete(id, job)
  unindex(id, job)
  call('HDEL', kPayloads, id)
  call('HDEL', kErrors, id)
  call('ZREMRANGEBYLEX', kLogs, '[' .. id .. '\0', '(' .. id .. '\1')
  call('HDEL', kJobs, id)
  call('ZADD', kSeen, now + ARGV[2], id)
end
