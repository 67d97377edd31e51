using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Footbridge.Jobs;

namespace Footbridge.Server.Config;

/// <summary>How jobs run, are tried again, and are kept. Filled from the <c>WAHA_APPS_JOBS_*</c> variables.</summary>
internal sealed class JobSettings
{
    [Range(1, 1000)] public int Concurrency { get; set; } = 50;

    [Range(1, 1000)] public int BulkConcurrency { get; set; } = 10;

    /// <summary>How long a job is kept for a worker that no longer says it is alive.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    [Range(1, 100)] public int Attempts { get; set; } = 3;

    /// <summary>Before the first try of jobs that are tried again.</summary>
    public TimeSpan Delay { get; set; }

    public TimeSpan BackoffDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The same wait before each further try; else it doubles.</summary>
    public bool IsBackoffFixed { get; set; }

    public TimeSpan KeepCompletedFor { get; set; } = TimeSpan.FromSeconds(259_200);

    [Range(0, int.MaxValue)] public int KeepCompletedCount { get; set; } = 1000;

    public TimeSpan KeepFailedFor { get; set; } = TimeSpan.FromSeconds(2_678_400);

    [Range(0, int.MaxValue)] public int KeepFailedCount { get; set; } = 1000;

    public JobPolicy Retried(TimeSpan awayLimit)
    {
        var policy = new JobPolicy(Attempts, BackoffDelay) { RetryAfterLimit = awayLimit };
        return IsBackoffFixed ? policy with { MaxDelay = BackoffDelay } : policy;
    }

    /// <param name="dataFolder">Held by one process at a time, whose name comes of it; null for a worker without data, of which there may be many.</param>
    public JobWorkerOptions WorkerOptions(string? dataFolder) => new()
    {
        Name = dataFolder is null
            ? string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}, process {Environment.ProcessId}")
            : $"{Environment.MachineName}, {Path.GetFullPath(dataFolder)}",
        IsOnlyOfItsName = dataFolder is not null,
        Concurrency = Concurrency,
        BulkConcurrency = BulkConcurrency,
        Lease = Lease,
        KeepCompletedFor = KeepCompletedFor,
        KeepCompletedCount = KeepCompletedCount,
        KeepFailedFor = KeepFailedFor,
        KeepFailedCount = KeepFailedCount,
    };
}
