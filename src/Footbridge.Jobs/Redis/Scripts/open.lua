-- keys: probe meta
-- Says at the start what would fail later: tries the newest commands that the other scripts use. ARGV[1]: layout version.
redis.call('DEL', KEYS[1])
redis.call('ZADD', KEYS[1], 0, 'a', 0, 'b')
redis.call('ZRANGEBYLEX', KEYS[1], '[a', '(b', 'LIMIT', 0, 1)
redis.call('ZREVRANGEBYLEX', KEYS[1], '(b', '[a', 'LIMIT', 0, 1)
redis.call('ZLEXCOUNT', KEYS[1], '[a', '(b')
redis.call('ZPOPMIN', KEYS[1])
redis.call('DEL', KEYS[1])
redis.call('TIME')
if cmsgpack.unpack(cmsgpack.pack({ 1 }))[1] ~= 1 then error('cmsgpack does not work') end
redis.call('HSETNX', KEYS[2], 'layout', ARGV[1])
return redis.call('HGET', KEYS[2], 'layout')
