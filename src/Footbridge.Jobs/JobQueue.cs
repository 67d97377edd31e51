namespace Footbridge.Jobs;

/// <summary>Where producers and operators hand over; wakes this process's workers when there may be work.</summary>
public sealed class JobQueue(IJobStore store)
{
    // One transaction of this size is short enough not to hold up other writers.
    private const int ChunkSize = 500;

    /// <summary>Raised when a job may have become ready. Handlers must be quick and must not throw.</summary>
    public event Action? Woken;

    /// <summary>Enqueues one job; it is durable when the task completes.</summary>
    /// <returns>False if the id was known already, which is a success too.</returns>
    public async Task<bool> EnqueueAsync(JobRequest request, CancellationToken ct)
    {
        var result = await store.EnqueueAsync([request], ct);
        if (result[0] == JobEnqueued.Added) Wake();
        return result[0] == JobEnqueued.Added;
    }

    /// <summary>Enqueues jobs in the order given; all are durable when the task completes. After an error a first part may be in.</summary>
    /// <returns>What came of each, in order.</returns>
    public async Task<IReadOnlyList<JobEnqueued>> EnqueueManyAsync(IReadOnlyList<JobRequest> requests, CancellationToken ct)
    {
        var results = new List<JobEnqueued>(requests.Count);
        for (var start = 0; start < requests.Count; start += ChunkSize)
        {
            var chunk = start == 0 && requests.Count <= ChunkSize ? requests : [.. requests.Skip(start).Take(ChunkSize)];
            results.AddRange(await store.EnqueueAsync(chunk, ct));
            Wake();
        }

        return results;
    }

    /// <inheritdoc cref="IJobStore.PromoteAsync"/>
    public Task<bool> PromoteAsync(string id, CancellationToken ct) => ThenWake(store.PromoteAsync(id, ct));

    /// <inheritdoc cref="IJobStore.RetryAsync"/>
    public Task<bool> RetryAsync(string id, bool atHead, CancellationToken ct) => ThenWake(store.RetryAsync(id, atHead, ct));

    /// <inheritdoc cref="IJobStore.SkipHeadAsync"/>
    public Task<bool> SkipHeadAsync(string lane, CancellationToken ct) => ThenWake(store.SkipHeadAsync(lane, ct));

    /// <inheritdoc cref="IJobStore.DropLaneAsync"/>
    public Task<int> DropLaneAsync(string lane, CancellationToken ct) => store.DropLaneAsync(lane, ct);

    /// <inheritdoc cref="IJobStore.RemoveAsync"/>
    public Task<bool> RemoveAsync(string id, CancellationToken ct) => ThenWake(store.RemoveAsync(id, ct));

    /// <inheritdoc cref="IJobStore.PauseAsync"/>
    public Task PauseAsync(string queue, CancellationToken ct) => store.PauseAsync(queue, ct);

    public async Task ResumeAsync(string queue, CancellationToken ct)
    {
        await store.ResumeAsync(queue, ct);
        Wake();
    }

    /// <summary>Tells the workers to look; needed only by code that wrote to the store past this class.</summary>
    public void Wake() => Woken?.Invoke();

    private async Task<bool> ThenWake(Task<bool> operation)
    {
        var changed = await operation;
        if (changed) Wake();
        return changed;
    }
}
