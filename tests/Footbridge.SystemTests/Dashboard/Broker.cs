using Footbridge.Jobs;

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
}
