-- keys: active delayed
-- uses: base
-- When the next delay or lease ends, and what time it is now.
local lease = call('ZRANGE', kActive, 0, 0, 'WITHSCORES')[2]
local delay = call('ZRANGE', kDelayed, 0, 0, 'WITHSCORES')[2]
local first = tonumber(lease or delay)
if not first then return {} end
if delay and tonumber(delay) < first then first = tonumber(delay) end
return { first, now }
