using Footbridge.Bench.Hostile;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Storage;
using Footbridge.SystemTests.Jobs;

namespace Footbridge.SystemTests.Chatwoot;

public sealed class HostileWebhookTests
{
    private const int Seed = 7;
    private const int Count = 20_000;

    [Fact]
    public async Task A_hostile_body_only_ever_becomes_a_job_or_is_refused_and_throws_nothing()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var database = SqliteDatabase.Open(new TempFolder().File("map.db"));
        await Schema.MigrateAsync(database, ct);
        var target = WebhookTarget.Create(Seed, await WebhookTarget.JobsAsync(database, ct));
        var result = new HostileRun(target, Seed, watchesHeap: false).Run(Count);
        Assert.Null(result.Failure);
        Assert.InRange(result.Accepted, 1, Count - 1);
    }
}
