using Footbridge.Jobs;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Dashboard.Jobs;

/// <summary>One step of a job's way.</summary>
/// <param name="At">When; null for what is still to come and has no time.</param>
public sealed record TrailStep(DateTimeOffset? At, string Text, TrailKind Kind);

public enum TrailKind
{
    Plain,
    Good,
    Bad,
    Ahead,
}

/// <summary>The way of a job: when it came, each try that failed and each wait, what people did, and how it stands.</summary>
internal static class Trail
{
    public static IReadOnlyList<TrailStep> Of(JobSummary job, IReadOnlyList<DeliveryHop> hops) =>
        [new(job.Created, "Created", TrailKind.Plain), .. hops.Select(hop => new TrailStep(hop.At, Text(hop.Kind, hop.Attempt, hop.Text), KindOf(hop.Kind))), Now(job)];

    public static TrailKind KindOf(string stage) => stage switch
    {
        Timeline.AttemptFailed or Timeline.Quarantined => TrailKind.Bad,
        Timeline.Delivered or Timeline.Acknowledged => TrailKind.Good,
        _ => TrailKind.Plain,
    };

    public static string Text(string stage, int? attempt, string? text) =>
        (attempt, stage) switch
        {
            ({ } number, Timeline.AttemptFailed) => $"Attempt {number} failed",
            ({ } number, _) => $"{char.ToUpperInvariant(stage[0])}{stage[1..]}, attempt {number}",
            _ => char.ToUpperInvariant(stage[0]) + stage[1..],
        }
        + (string.IsNullOrEmpty(text) ? "" : $": {text}");

    private static TrailStep Now(JobSummary job) => job.State switch
    {
        JobState.Active => new(job.Started, $"Running, attempt {job.Attempts} of {job.AttemptsAllowed}", TrailKind.Ahead),
        JobState.Delayed => new(job.DelayedUntil, "Next attempt", TrailKind.Ahead),
        JobState.Completed => new(job.Finished, "Completed", TrailKind.Good),
        JobState.Failed => new(job.Finished, "Failed for good", TrailKind.Bad),
        JobState.Paused => new(null, "Waits until its queue is resumed", TrailKind.Ahead),
        _ => new(null, "Waits for its turn", TrailKind.Ahead),
    };
}
