using System.Text.RegularExpressions;
using Footbridge.Jobs;

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

/// <summary>The way of a job: when it came, each try that failed, and how it stands.</summary>
internal static partial class Trail
{
    public static IReadOnlyList<TrailStep> Of(JobDetails job)
    {
        var steps = new List<TrailStep> { new(job.Summary.Created, "Created", TrailKind.Plain) };
        steps.AddRange(job.Log.Where(entry => FailedTry().IsMatch(entry.Line)).Select(entry => new TrailStep(entry.At, Capital(entry.Line), TrailKind.Bad)));
        steps.Add(Now(job.Summary));
        return steps;
    }

    private static TrailStep Now(JobSummary job) => job.State switch
    {
        JobState.Active => new(job.Started, $"Running, attempt {job.Attempts} of {job.AttemptsAllowed}", TrailKind.Ahead),
        JobState.Delayed => new(job.DelayedUntil, "Next attempt", TrailKind.Ahead),
        JobState.Completed => new(job.Finished, "Completed", TrailKind.Good),
        JobState.Failed => new(job.Finished, "Failed for good", TrailKind.Bad),
        JobState.Paused => new(null, "Waits until its queue is resumed", TrailKind.Ahead),
        _ => new(null, "Waits for its turn", TrailKind.Ahead),
    };

    private static string Capital(string line) => char.ToUpperInvariant(line[0]) + line[1..];

    // As AttemptLog writes them.
    [GeneratedRegex("^attempt [0-9]+ of [0-9]+ failed")]
    private static partial Regex FailedTry();
}
