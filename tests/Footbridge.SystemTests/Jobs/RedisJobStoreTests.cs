using Footbridge.Jobs;
using Footbridge.Jobs.Redis;
using Microsoft.Extensions.Logging.Abstractions;

namespace Footbridge.SystemTests.Jobs;

/// <summary>The whole compliance suite on a real redis-server.</summary>
public class RedisJobStoreTests : JobStoreCompliance
{
    private readonly string _prefix = $"test-{Guid.NewGuid():N}";
    private RedisConnection? _connection;
    private RedisJobStore? _store;

    protected virtual string Program => "redis-server";

    protected override bool OwnersDieWithTheStore => false;

    protected override async Task<(IJobStore Store, IJobMonitor Monitor)> OpenAsync()
    {
        var server = await RedisServer.SharedAsync(Program);
        _connection = await RedisConnection.OpenAsync(server.Address, null, NullLogger.Instance, Ct);
        _store = await RedisJobStore.OpenAsync(_connection, Time, new RedisJobStoreOptions { Prefix = _prefix }, NullLogger.Instance, Ct);
        return (_store, _store.OpenMonitor());
    }

    protected override async Task CloseAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        if (_connection is not null) await _connection.DisposeAsync();
    }

    [Theory]
    [InlineData("DEL", "lane")]
    [InlineData("DEL", "lanes")]
    [InlineData("DEL", "ready")]
    [InlineData("DEL", "index")]
    [InlineData("DEL", "queues")]
    [InlineData("HSET", "lane", "lane", "rno such job")]
    [InlineData("HSET", "lane", "lane", "rb")]
    [InlineData("HSET", "lane", "lane", "aa")]
    [InlineData("HSET", "lane", "lane", "pa")]
    [InlineData("ZADD", "lanes", "0", "lane\00000000000000001\0no such job")]
    [InlineData("ZADD", "lanes", "0", "ghost\00000000000000001\0no such job")]
    public async Task Repair_brings_back_lanes_that_disagree_with_their_jobs(string command, string key, params string[] values)
    {
        await _store!.EnqueueAsync([Job("a"), Job("b")], Ct);
        await _connection!.Database.ExecuteAsync(command, [$"{{{_prefix}}}:{key}", .. values]);
        var mended = await _store.RepairAsync(Ct);
        Assert.Equal(key is "index" or "queues" ? 0 : 1, mended);
        Assert.Equal(0, await _store.RepairAsync(Ct));
        var slots = new JobSlots(10, 0);
        Assert.Equal("a", Assert.Single(await _store.ClaimAsync("w", slots, TimeSpan.FromSeconds(30), Ct)).Id);
        Assert.Equal(1, (await _store.OpenMonitor().QueuesAsync(Ct)).Single().Counts[JobState.Waiting]);
    }
}
