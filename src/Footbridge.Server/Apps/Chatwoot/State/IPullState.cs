namespace Footbridge.Server.Apps.Chatwoot.State;

internal enum PullState
{
    Running = 0,
    Completed = 1,
    Failed = 2,
    Cancelled = 3,
}

/// <summary>An import as it is kept.</summary>
/// <param name="Plan">What it is to do, as JSON; written once its beginning is over.</param>
/// <param name="Progress">How far it is, as JSON; small, because it is written with every message.</param>
internal sealed record PullRow(string Id, PullState State, string Plan, string Progress, long StartedAt);

/// <summary>What changes of an import; null leaves a part as it is.</summary>
internal sealed record PullChange(string? Progress = null, string? Plan = null, PullState State = PullState.Running);

/// <summary>The imports of apps: one of a kind at a time, which goes on where it was.</summary>
internal interface IPullState
{
    /// <summary>The running one, or the last.</summary>
    ValueTask<PullRow?> FindAsync(string app, string kind, CancellationToken ct);

    /// <summary>Begins one; false when another is running. Begun again under the same id it stays as it is.</summary>
    Task<bool> BeginAsync(string app, string kind, PullRow row, CancellationToken ct);

    /// <summary>Writes how far it is; false when it no longer runs, because it was cancelled.</summary>
    Task<bool> SaveAsync(string app, string kind, string id, PullChange change, CancellationToken ct);
}
