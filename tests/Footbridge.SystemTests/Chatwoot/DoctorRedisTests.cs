using System.Globalization;
using Footbridge.Server.Config;
using Footbridge.SystemTests.Jobs;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>The doctor looks at a real Redis, which is killed, and set up so that jobs get lost.</summary>
public sealed class DoctorRedisTests : DoctorTest
{
    private static readonly Dictionary<string, DoctorCase<DoctorRedisTests>> Cases = new()
    {
        ["redis"] = new(t => t._redis!.KillAsync(), "does not answer", "See that Redis runs", t => t._redis!.StartAgainAsync()),
        ["redis-eviction"] = new(t => t.ConfigureAsync("maxmemory", "100mb", "maxmemory-policy", "allkeys-lru"), "allkeys-lru: it throws jobs away", "maxmemory-policy to noeviction", t => t.ConfigureAsync("maxmemory-policy", "noeviction")),
        ["redis-persistence"] = new(t => t.ConfigureAsync("appendonly", "no"), "snapshots at best", "appendonly to yes", t => t.ConfigureAsync("appendonly", "yes")),
    };

    private RedisServer? _redis;

    public static TheoryData<string> Names => [.. Cases.Keys];

    private protected override void Configure(Settings settings)
    {
        base.Configure(settings);
        _redis ??= RedisServer.StartAsync().GetAwaiter().GetResult();
        settings.RedisUrl = string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{_redis.Port}/0");
    }

    protected override void CleanUp() => _redis!.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [Theory]
    [MemberData(nameof(Names))]
    public Task What_is_broken_is_found_with_its_repair_and_well_again_after_it(string check) => IsFoundAndMendedAsync(check, Cases[check]);

    [Fact]
    public async Task While_redis_is_away_what_depends_on_it_is_said_to_be_not_looked_at()
    {
        await _redis!.KillAsync();
        var skipped = (await ReportAsync("GET"))["checks"]!.AsArray().Where(check => check!["found"]!.ToString() == "not looked at, because of: Redis").Select(check => check!["check"]!.ToString());
        Assert.Equal(["redis-eviction", "redis-persistence", "paused-queues", "waiting-jobs", "failed-jobs", "quarantine", "missing"], skipped);
    }

    private async Task ConfigureAsync(params string[] pairs)
    {
        foreach (var pair in pairs.Chunk(2)) Assert.Equal("OK", await _redis!.RunAsync("CONFIG", ["SET", .. pair]));
    }
}
