namespace Footbridge.Bench.Jobs;

/// <summary>One broker in the comparison. All keep full job records: three attempts, exponential waits, finished jobs kept.</summary>
internal interface IBrokerUnderTest : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Begins with nothing stored.</summary>
    Task OpenAsync();

    /// <summary>Enqueues in batches of 500.</summary>
    Task EnqueueInBatchesAsync(int jobs, int lanes);

    /// <summary>Enqueues one by one, 200 callers at once.</summary>
    Task EnqueueOneByOneAsync(int jobs, int lanes);

    /// <summary>Runs what waits with 50 handlers at once, each taking so long.</summary>
    Task DrainAsync(int jobs, int milliseconds);

    /// <summary>Milliseconds from enqueueing to the handler, the worker having nothing else to do.</summary>
    Task<double[]> IdleAsync(int jobs);

    /// <summary>Processor time so far of whoever takes part but for Redis, and the memory they hold.</summary>
    Task<(TimeSpan Cpu, long Bytes)> CostAsync();
}
