using Footbridge.Jobs;
using Footbridge.Jobs.Sqlite;

namespace Footbridge.SystemTests.Dashboard;

/// <summary>The product's broker, as its tests look into it.</summary>
internal static class Broker
{
    public static T Part<T>(this World world)
        where T : class => (T)world.Product.Services.GetService(typeof(T))!;

    /// <summary>A queue's jobs in a state, once there are as many as expected; looks every 20 ms, as a report in Chatwoot comes before the state.</summary>
    public static async Task<IReadOnlyList<JobSummary>> JobsAsync(this World world, JobState state, string queue, int count, CancellationToken ct)
    {
        var monitor = world.Part<IJobMonitor>();
        while (true)
        {
            var jobs = await monitor.JobsAsync(state, queue, 0, count + 1, ct);
            if (jobs.Count == count) return jobs;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
        }
    }

    /// <summary>As FLUSHALL: jobs, lanes and every memory of ids.</summary>
    public static Task WipeAsync(this World world, CancellationToken ct) => world.Part<SqliteDatabase>().WriteAsync(c =>
    {
        foreach (var sql in new[] { "DELETE FROM jobs", "DELETE FROM job_payloads", "DELETE FROM job_lanes", "DELETE FROM job_seen", "DELETE FROM job_logs" }) c.Execute(sql);
    }, ct);

    /// <summary>Waits until the ledger has so many deliveries on their way, and none of its events is left.</summary>
    public static async Task PendingAsync(this World world, int count, CancellationToken ct)
    {
        while (world.Part<SqliteDatabase>().Read(c => c.QueryFirst("SELECT (SELECT COUNT(*) FROM ledger) = 0 AND (SELECT COUNT(*) FROM deliveries WHERE state = 0) = ?1", row => row.GetBoolean(0), count)) is false)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, ct);
        }
    }
}
