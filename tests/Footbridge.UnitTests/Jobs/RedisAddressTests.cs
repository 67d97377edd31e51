using Footbridge.Jobs.Redis;

namespace Footbridge.UnitTests.Jobs;

public sealed class RedisAddressTests
{
    [Theory]
    [InlineData("redis://localhost", "redis://localhost:6379/0")]
    [InlineData("redis://localhost:7000/3", "redis://localhost:7000/3")]
    [InlineData("rediss://:p%40ss%2Fword@redis.example:6380", "rediss://redis.example:6380/0")]
    [InlineData("redis://user:secret@a:1,b:2/4", "redis://a:1,b:2/4")]
    [InlineData("redis://secret@host", "redis://host:6379/0")]
    [InlineData("redis://[::1]:6379", "redis://::1:6379/0")]
    [InlineData("redis://s1,s2:5000/1?serviceName=main", "redis://s1:26379,s2:5000/1")]
    public void An_address_is_read_and_told_without_its_password(string url, string told) => Assert.Equal(told, RedisAddress.Parse(url).ToString());

    [Fact]
    public void User_password_database_and_service_reach_the_client()
    {
        var options = RedisAddress.Parse("rediss://me:p%40ss%2Fword@a:1,b/5?serviceName=main").ToOptions(new RedisConnectionOptions());
        Assert.Equal(("me", "p@ss/word", 5, "main", true), (options.User, options.Password, options.DefaultDatabase, options.ServiceName, options.Ssl));
        Assert.Equal(2, options.EndPoints.Count);
        Assert.False(options.AbortOnConnectFail);
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost:6379")]
    [InlineData("http://secret@localhost")]
    [InlineData("redis://")]
    [InlineData("redis://:secret@host:port")]
    [InlineData("redis://:secret@host:0")]
    [InlineData("redis://:secret@host:70000")]
    [InlineData("redis://:secret@a,,b")]
    [InlineData("redis://:secret@host/db")]
    [InlineData("redis://:secret@host?whatever=secret")]
    public void An_address_that_cannot_be_read_is_refused_without_quoting_it(string url)
    {
        var error = Assert.Throws<FormatException>(() => RedisAddress.Parse(url));
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }
}
