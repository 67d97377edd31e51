using Footbridge.Jobs;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Config;

namespace Footbridge.Server.Storage;

/// <summary>Hands deliveries to the broker in the order of their lanes, also to a broker that has lost its memory.</summary>
/// <remarks>
/// Each job names the one its lane got before. A broker that does not know that one was wiped, restored or cut short; then the
/// lane's pending deliveries are enqueued again from the ledger, in order, before anything new. Feeds and replays take turns.
/// </remarks>
internal sealed class LaneFeed(
    IJobStore store, JobQueue queue, LaneTails tails, Settlements settlements, SqliteDatabase database, Settings settings, ILogger<LaneFeed> logger) : IDisposable
{
    private const int ReplayPage = 200;
    private const int MaxReplays = 3;

    /// <summary>
    /// How long the head of a forgotten lane waits: a worker that was running it when the broker forgot hears of it when it renews
    /// its lease, every third of it, and must be done before another looks whether it was.
    /// </summary>
    private readonly TimeSpan _oldRunsEnd = (settings.Jobs.Lease / 3) + TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Raised when the broker has turned out to have forgotten something.</summary>
    public event Action? Forgotten;

    /// <summary>Enqueues jobs in the order given; all are in the broker, durably, when the task completes.</summary>
    /// <param name="written">Completes when the deliveries are in the ledger; a replay reads them there.</param>
    public async Task FeedAsync(IReadOnlyList<JobRequest> jobs, Task written, CancellationToken ct)
    {
        if (jobs.Count == 0) return;
        await _turn.WaitAsync(ct);
        try
        {
            var gaps = await EnqueueAsync(jobs, ct);
            if (gaps.Count == 0) return;
            await written;
            foreach (var lane in gaps) await ReplayInTurnAsync(lane, ct);
            Forgotten?.Invoke();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Enqueues a lane's pending deliveries again, in order; what the broker knows stays as it is.</summary>
    public async Task ReplayAsync(string lane, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            await ReplayInTurnAsync(lane, ct);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>Gives the lanes that the broker has forgotten.</summary>
    private async Task<HashSet<string>> EnqueueAsync(IReadOnlyList<JobRequest> jobs, CancellationToken ct)
    {
        var before = new List<(string Lane, string? Tail)>(jobs.Count);
        var requests = new List<JobRequest>(jobs.Count);
        foreach (var job in jobs)
        {
            var tail = tails.Append(job.Lane, job.Id);
            before.Add((job.Lane, tail));
            requests.Add(job with { After = tail });
        }

        try
        {
            var results = await store.EnqueueAsync(requests, ct);
            queue.Wake();
            return [.. requests.Where((_, i) => results[i] == JobEnqueued.Gap).Select(request => request.Lane)];
        }
        catch (Exception e)
        {
            // Backwards, so that each lane is left with what it had before all of them.
            for (var i = before.Count - 1; i >= 0; i--) tails.Restore(before[i].Lane, before[i].Tail);
            if (e is not ArgumentException) throw;
            return await EnqueueOneByOneAsync(jobs, e, ct);
        }
    }

    /// <summary>One job that the broker cannot take must not hold up the rest for ever.</summary>
    private async Task<HashSet<string>> EnqueueOneByOneAsync(IReadOnlyList<JobRequest> jobs, Exception error, CancellationToken ct)
    {
        if (jobs is [var bad])
        {
            settlements.End(new(bad.Id, DeliveryState.Quarantined, 0, $"the broker cannot take it: {error.Message}", null, null));
            return [];
        }

        var gaps = new HashSet<string>(StringComparer.Ordinal);
        foreach (var job in jobs) gaps.UnionWith(await EnqueueAsync([job], ct));
        return gaps;
    }

    private async Task ReplayInTurnAsync(string lane, CancellationToken ct)
    {
        for (var replay = 1; !await TryReplayAsync(lane, ct); replay++)
        {
            if (replay == MaxReplays) throw new InvalidOperationException("the broker forgets faster than it can be told");
        }
    }

    /// <summary>False when the broker forgot again in the middle of it.</summary>
    private async Task<bool> TryReplayAsync(string lane, CancellationToken ct)
    {
        var (after, previous, count) = (0L, (string?)null, 0);
        while (PendingJobs.OfLane(database, lane, after, ReplayPage) is { Count: > 0 } page)
        {
            var requests = new List<JobRequest>(page.Count);
            foreach (var row in page)
            {
                requests.Add(row.Job with { After = previous, EarlierRuns = 1, Delay = previous is null && row.WasQueued ? _oldRunsEnd : null });
                previous = row.Job.Id;
            }

            var results = await store.EnqueueAsync(requests, ct);
            queue.Wake();
            if (results.Contains(JobEnqueued.Gap)) return false;
            count += Tell(requests, results);
            after = page[^1].Seq;
        }

        if (previous is not null) tails.Append(lane, previous);
        if (count > 0) logger.LaneReplayed(count);
        return true;
    }

    private int Tell(List<JobRequest> requests, IReadOnlyList<JobEnqueued> results)
    {
        var again = requests.Where((_, i) => results[i] == JobEnqueued.Added).ToList();
        foreach (var request in again) settlements.Hop(request.Id, Timeline.Requeued, null, "the broker did not know it");
        return again.Count;
    }
}
