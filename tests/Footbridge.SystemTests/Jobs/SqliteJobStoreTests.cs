using Footbridge.Jobs;
using Footbridge.Jobs.Sqlite;

namespace Footbridge.SystemTests.Jobs;

public sealed class SqliteJobStoreTests : JobStoreCompliance
{
    private readonly TempFolder _folder = new();
    private SqliteDatabase? _database;

    protected override async Task<(IJobStore Store, IJobMonitor Monitor)> OpenAsync()
    {
        _database = SqliteDatabase.Open(_folder.File("jobs.db"));
        var store = await SqliteJobStore.OpenAsync(_database, Time, null, Ct);
        return (store, store.OpenMonitor());
    }

    protected override async Task CloseAsync() => await _database!.DisposeAsync();

    [Theory]
    [InlineData("DELETE FROM job_lanes")]
    [InlineData("UPDATE job_lanes SET state = 1, at = 9999999999999")]
    [InlineData("UPDATE job_lanes SET head = 12345")]
    [InlineData("UPDATE job_lanes SET head = (SELECT MAX(seq) FROM jobs)")]
    [InlineData("UPDATE job_lanes SET state = 3")]
    public async Task Repair_brings_back_lanes_that_disagree_with_their_jobs(string damage)
    {
        var store = await SqliteJobStore.OpenAsync(_database!, Time, null, Ct);
        await store.EnqueueAsync([Job("a"), Job("b")], Ct);
        await _database!.WriteAsync(connection => { connection.Execute(damage); }, Ct);
        Assert.Equal(1, await store.RepairAsync(Ct));
        Assert.Equal("a", Assert.Single(await store.ClaimAsync("w", new JobSlots(10, 0), TimeSpan.FromSeconds(30), Ct)).Id);
    }
}
