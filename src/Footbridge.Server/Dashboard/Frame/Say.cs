using System.Globalization;
using Footbridge.Jobs;

namespace Footbridge.Server.Dashboard.Frame;

/// <summary>Times, counts and addresses as the pages write them.</summary>
internal static class Say
{
    /// <summary>The states in the order a job goes through them.</summary>
    public static readonly JobState[] States = [JobState.Waiting, JobState.Active, JobState.Delayed, JobState.Paused, JobState.Failed, JobState.Completed];

    public static string Word(JobState state) => state.ToString().ToLowerInvariant();

    /// <summary>A moment in UTC, which is the same for everybody who looks.</summary>
    public static string Moment(DateTimeOffset? at) => at is { } time ? time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) : "";

    public static string Age(TimeSpan age) => age switch
    {
        { TotalSeconds: < 1 } => "under a second",
        { TotalSeconds: < 90 } => Count(age.TotalSeconds, "s"),
        { TotalMinutes: < 90 } => Count(age.TotalMinutes, "min"),
        { TotalHours: < 48 } => Count(age.TotalHours, "h"),
        _ => Count(age.TotalDays, "days"),
    };

    public static string LaneLink(string lane) => $"/jobs/lane?name={Uri.EscapeDataString(lane)}";

    /// <summary>A part of an address as it was written: a slash in it reaches the page still encoded.</summary>
    public static string Part(string? part) => (part ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static string Count(double number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{(long)number} {unit}");
}
