using Footbridge.Jobs.Redis;

namespace Footbridge.UnitTests.Jobs;

public sealed class RedisFactsTests
{
    [Fact]
    public void What_redis_tells_is_read_and_what_it_keeps_to_itself_is_not_made_up()
    {
        Assert.Equal(
            new RedisFacts("allkeys-lru", 1048576, IsAppendOnly: true, LastSaveFailed: true),
            RedisFacts.Parse("# Memory\r\nmaxmemory:1048576\r\nmaxmemory_policy:allkeys-lru\r\n\n# Persistence\r\nrdb_last_bgsave_status:err\r\naof_enabled:1\r\n"));
        Assert.Equal(new RedisFacts(null, 0, IsAppendOnly: false, LastSaveFailed: false), RedisFacts.Parse("# Memory\r\n"));
    }
}
