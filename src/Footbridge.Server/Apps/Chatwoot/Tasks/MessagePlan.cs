using System.Text.Json;
using Footbridge.Server.Apps.Chatwoot.State;

namespace Footbridge.Server.Apps.Chatwoot.Tasks;

/// <summary>What an import of messages is to do.</summary>
internal sealed record MessagePlan
{
    public required string Session { get; init; }

    public required PullTries Tries { get; init; }

    public required HistoryWindow Window { get; init; }

    /// <summary>As people write it: <c>10d</c>, <c>20d-10d</c>.</summary>
    public required string Period { get; init; }

    /// <summary>The chat that was asked for, as it was written; null for all.</summary>
    public string? Chat { get; init; }

    public ChatKinds Kinds { get; init; } = ChatKinds.Direct;

    /// <summary>Also what is in Chatwoot already.</summary>
    public bool Again { get; init; }

    public bool Media { get; init; }

    public TimeSpan MediaTimeout { get; init; }

    public bool Older { get; init; }

    public bool DryRun { get; init; }

    /// <summary>A chat's live messages wait until all of its past is in, however long that takes.</summary>
    public bool Pause { get; init; }

    public bool Resolve { get; init; }

    public int Batch { get; init; }

    /// <summary>A word every so many messages; 0: never.</summary>
    public int ProgressEvery { get; init; }

    /// <summary>The keys of the chats, in the order in which they are imported; null until they were looked for.</summary>
    public IReadOnlyList<string>? Chats { get; init; }

    public string Write() => JsonSerializer.Serialize(this, TaskJson.Default.MessagePlan);

    public static MessagePlan Read(string text) => JsonSerializer.Deserialize(text, TaskJson.Default.MessagePlan)!;
}

/// <summary>How far an import of messages is.</summary>
internal sealed record MessageProgress
{
    /// <summary>The step that is to be done.</summary>
    public int Step { get; init; }

    public PullStage Stage { get; init; }

    /// <summary>The chat that is being imported, by its place in the plan.</summary>
    public int Chat { get; init; }

    /// <summary>The place in the chat behind which it goes on: a moment, and a row among those of the same one.</summary>
    public long At { get; init; }

    /// <inheritdoc cref="At"/>
    public long Row { get; init; }

    public long Ok { get; init; }

    public long Exists { get; init; }

    public long Ignored { get; init; }

    public long Errors { get; init; }

    public long? FirstAt { get; init; }

    public long? LastAt { get; init; }

    /// <summary>Where messages were put, when those conversations are to be resolved.</summary>
    public IReadOnlyList<long>? Conversations { get; init; }

    public int? Resolved { get; init; }

    public int? Unresolved { get; init; }

    /// <summary>Whether messages are written into Chatwoot's database, as long as nothing speaks against it.</summary>
    public bool UsesDatabase { get; init; }

    /// <summary>The last chat whose past could not be written there, by its place in the plan.</summary>
    public int? RestChat { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    public long Seen => Ok + Exists + Ignored + Errors;

    /// <summary>A message was dealt with.</summary>
    public MessageProgress Past(HistoryMessage message) => this with
    {
        At = message.At,
        Row = message.Row,
        FirstAt = FirstAt is { } first && first < message.At ? first : message.At,
        LastAt = LastAt is { } last && last > message.At ? last : message.At,
    };

    public string Write() => JsonSerializer.Serialize(this, TaskJson.Default.MessageProgress);

    public static MessageProgress Read(string text) => JsonSerializer.Deserialize(text, TaskJson.Default.MessageProgress)!;
}
