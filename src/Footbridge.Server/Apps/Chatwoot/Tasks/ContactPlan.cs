using System.Text.Json;

namespace Footbridge.Server.Apps.Chatwoot.Tasks;

/// <summary>What an import of contacts is to do.</summary>
internal sealed record ContactPlan
{
    public required string Session { get; init; }

    public required PullTries Tries { get; init; }

    /// <summary>Null: pictures are left alone; <c>if-missing</c> or <c>update</c>.</summary>
    public string? Avatar { get; init; }

    /// <summary><c>no</c>, <c>if-raw</c> or <c>always</c>.</summary>
    public required string UpdateNames { get; init; }

    public bool Groups { get; init; }

    /// <summary>Also people whose number nobody knows.</summary>
    public bool Lids { get; init; }

    public bool Attributes { get; init; }

    public int Batch { get; init; }

    public int ProgressEvery { get; init; }

    public TimeSpan DelayContact { get; init; }

    public TimeSpan DelayBatch { get; init; }

    public string Write() => JsonSerializer.Serialize(this, TaskJson.Default.ContactPlan);

    public static ContactPlan Read(string text) => JsonSerializer.Deserialize(text, TaskJson.Default.ContactPlan)!;
}

/// <summary>How far an import of contacts is.</summary>
internal sealed record ContactProgress
{
    public int Step { get; init; }

    /// <summary>People with a name are done; chats with others and groups are next.</summary>
    public bool IsAtChats { get; init; }

    /// <summary>The row behind which it goes on.</summary>
    public long After { get; init; }

    public long Created { get; init; }

    public long Updated { get; init; }

    public long Renamed { get; init; }

    public long Skipped { get; init; }

    public long Errors { get; init; }

    public long Pictures { get; init; }

    public string? Error { get; init; }

    public long Seen { get; init; }

    /// <summary>As texts name them.</summary>
    internal object Counts => new { created = Created, updated = Updated, renamed = Renamed, skipped = Skipped, errors = Errors, avatar = new { updated = Pictures } };

    public string Write() => JsonSerializer.Serialize(this, TaskJson.Default.ContactProgress);

    public static ContactProgress Read(string text) => JsonSerializer.Deserialize(text, TaskJson.Default.ContactProgress)!;
}
