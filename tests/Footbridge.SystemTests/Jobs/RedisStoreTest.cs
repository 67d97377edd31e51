using Footbridge.Jobs;
using Footbridge.Jobs.Redis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Footbridge.SystemTests.Jobs;

/// <summary>Opens stores on the server's own clock, as the product does, and closes them with the test.</summary>
public abstract class RedisStoreTest : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _opened = [];

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected static TimeSpan Lease => TimeSpan.FromSeconds(30);

    protected string Prefix { get; } = $"test-{Guid.NewGuid():N}";

    public async ValueTask DisposeAsync()
    {
        foreach (var one in Enumerable.Reverse(_opened)) await one.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static JobRequest Job(string id, string lane = "lane") => new(id, "q", lane, new byte[] { 7 }, new JobPolicy(3, TimeSpan.FromSeconds(1)));

    protected static async Task<IReadOnlyList<ClaimedJob>> ClaimAsync(IJobStore store, int total = 10, string owner = "w") =>
        await store.ClaimAsync(owner, new JobSlots(total, 0), Lease, Ct);

    private protected async Task<RedisServer> StartServerAsync(params string[] settings)
    {
        var server = await RedisServer.StartAsync(settings);
        _opened.Add(server);
        return server;
    }

    private protected async Task<RedisJobStore> OpenStoreAsync(RedisAddress address, ILogger? logger = null, RedisConnectionOptions? options = null)
    {
        var connection = await RedisConnection.OpenAsync(address, options, logger ?? NullLogger.Instance, Ct);
        _opened.Add(connection);
        return await OpenStoreAsync(connection, logger);
    }

    private protected async Task<RedisJobStore> OpenStoreAsync(RedisConnection connection, ILogger? logger = null)
    {
        var store = await RedisJobStore.OpenAsync(connection, TimeProvider.System, new RedisJobStoreOptions { Prefix = Prefix }, logger ?? NullLogger.Instance, Ct);
        _opened.Add(store);
        return store;
    }
}
