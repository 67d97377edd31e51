using System.Globalization;
using Footbridge.SystemTests.Jobs;

namespace Footbridge.SystemTests.Bridge;

/// <summary>One process with the API and the sessions, and workers of their own beside it, all on one Redis.</summary>
public sealed class WorkerChaosTests : ChaosTest
{
    private const string Key = "a-key-for-workers-under-test";
    private readonly string _folder = Directory.CreateTempSubdirectory("footbridge-workers-").FullName;
    private readonly List<ProductProcess> _workers = [];
    private RedisServer _redis = null!;

    private Dictionary<string, string> Shared => new()
    {
        ["REDIS_URL"] = string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{_redis.Port}/0"),
        ["FOOTBRIDGE_WORKER_KEY"] = Key,
        ["FOOTBRIDGE_JOBS_LEASE_SECONDS"] = "3",
    };

    [Fact]
    public async Task On_a_quiet_day_everything_crosses_once_in_order_and_failures_are_told()
    {
        await TalkAsync(TimeSpan.Zero);
        await AssertPerfectAsync();
        Assert.Equal(0, await _workers[0].StopAsync(Ct));
        Assert.Equal(0, await _workers[1].StopAsync(Ct));
    }

    [Theory]
    [InlineData(21)]
    public async Task Workers_are_killed_with_kill_9_ten_times(int seed)
    {
        var random = new Random(seed);
        var talking = TalkAsync(TimeSpan.FromMilliseconds(300));
        for (var i = 0; i < 10; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(100, 1500)), TimeProvider.System, Ct);
            var worker = _workers[random.Next(_workers.Count)];
            await worker.KillAsync();
            await worker.StartAsync(Ct);
        }

        await talking;
        await AssertPerfectAsync();
    }

    [Theory]
    [InlineData(22)]
    public async Task The_api_is_killed_with_kill_9_five_times_and_the_workers_wait_for_it(int seed)
    {
        var random = new Random(seed);
        var talking = TalkAsync(TimeSpan.FromMilliseconds(300));
        for (var i = 0; i < 5; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(100, 2000)), TimeProvider.System, Ct);
            await Rig.Product.KillAsync();
            await Rig.Product.StartAsync(Ct);
        }

        await talking;
        await AssertPerfectAsync();
    }

    protected override async Task<IReadOnlyDictionary<string, string>?> PrepareAsync()
    {
        _redis = await RedisServer.StartAsync();
        return new Dictionary<string, string>(Shared) { ["FOOTBRIDGE_ROLES"] = "api,session" };
    }

    protected override async Task StartedAsync()
    {
        for (var i = 0; i < 2; i++)
        {
            var worker = new ProductProcess(_folder, new Dictionary<string, string>(Shared)
            {
                ["FOOTBRIDGE_ROLES"] = "worker",
                ["FOOTBRIDGE_API_URL"] = Rig.Product.Url.ToString(),
            });
            _workers.Add(worker);
            await worker.StartAsync(Ct);
        }
    }

    protected override async Task EndAsync()
    {
        foreach (var worker in _workers) await worker.DisposeAsync();
        if (_redis is not null) await _redis.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
