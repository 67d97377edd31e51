using System.Globalization;
using Footbridge.SystemTests.Jobs;

namespace Footbridge.SystemTests.Bridge;

/// <summary>The product with its jobs in a real Redis, which is wiped, killed and restarted.</summary>
public sealed class RedisChaosTests : ChaosTest
{
    private RedisServer _redis = null!;

    [Fact]
    public async Task On_a_quiet_day_everything_crosses_once_in_order()
    {
        await TalkAsync(TimeSpan.Zero);
        await AssertPerfectAsync();
    }

    [Theory]
    [InlineData(11)]
    public async Task Redis_is_wiped_four_times_in_mid_run(int seed)
    {
        var random = new Random(seed);
        var talking = TalkAsync(TimeSpan.FromMilliseconds(200));
        for (var i = 0; i < 4; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(500, 3000)), TimeProvider.System, Ct);
            await _redis.RunAsync("FLUSHALL");
        }

        await talking;
        await AssertPerfectAsync();
    }

    [Theory]
    [InlineData(12)]
    public async Task Redis_and_the_server_are_killed_with_kill_9_five_times_each(int seed)
    {
        var random = new Random(seed);
        var talking = TalkAsync(TimeSpan.FromMilliseconds(300));
        for (var i = 0; i < 5; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(200, 1500)), TimeProvider.System, Ct);
            await _redis.KillAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(0, 1500)), TimeProvider.System, Ct);
            await _redis.StartAgainAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(200, 1500)), TimeProvider.System, Ct);
            await Rig.Product.KillAsync();
            await Rig.Product.StartAsync(Ct);
        }

        await talking;
        await AssertPerfectAsync();
    }

    [Fact]
    public async Task A_server_that_starts_before_its_redis_takes_everything_on_and_carries_it_later()
    {
        Assert.Equal(0, await Rig.Product.StopAsync(Ct));
        await _redis.KillAsync();
        await Rig.Product.StartAsync(Ct);
        await TalkAsync(TimeSpan.Zero);
        await _redis.StartAgainAsync();
        await AssertPerfectAsync();
    }

    protected override async Task<IReadOnlyDictionary<string, string>?> PrepareAsync()
    {
        _redis = await RedisServer.StartAsync();
        return new Dictionary<string, string>
        {
            ["REDIS_URL"] = string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{_redis.Port}/0"),
            ["FOOTBRIDGE_JOBS_LEASE_SECONDS"] = "3",
        };
    }

    protected override async Task EndAsync()
    {
        if (_redis is not null) await _redis.DisposeAsync();
    }
}
