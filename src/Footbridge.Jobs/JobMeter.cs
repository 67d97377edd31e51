using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Footbridge.Jobs;

/// <summary>What a worker tells a metrics collector; costs next to nothing while none listens. Names: docs/operations.md.</summary>
public static class JobMeter
{
    public const string Name = "Footbridge.Jobs";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>("footbridge.job.attempts", "{attempt}", "Runs of jobs by what came of them");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("footbridge.job.duration", "s", "How long one run took", advice: Seconds(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60));

    private static readonly Histogram<double> Wait = Meter.CreateHistogram<double>(
        "footbridge.job.lane_wait", "s", "From the enqueueing of a job to its first start", advice: Seconds(0.005, 0.01, 0.05, 0.1, 0.5, 1, 2, 5, 30, 60, 300, 1800, 3600, 86400));

    /// <summary>A run begins.</summary>
    internal static void Started(ClaimedJob job, DateTimeOffset now)
    {
        if (Wait.Enabled && job.Runs == 1) Wait.Record(Math.Max(0, (now - job.Created).TotalSeconds), new KeyValuePair<string, object?>("queue", job.Queue));
    }

    /// <param name="outcome">completed, retried, waiting, failed, lost, released.</param>
    internal static void Ended(ClaimedJob job, string outcome, TimeSpan duration)
    {
        if (!Attempts.Enabled && !Duration.Enabled) return;
        var tags = new TagList { { "queue", job.Queue }, { "outcome", outcome } };
        Attempts.Add(1, tags);
        Duration.Record(duration.TotalSeconds, tags);
    }

    private static InstrumentAdvice<double> Seconds(params double[] bounds) => new() { HistogramBucketBoundaries = bounds };
}
