using System.Text.Json;
using System.Text.Json.Serialization;

namespace Footbridge.Server.Apps.Chatwoot.Tasks;

/// <summary>What a step of an import is to do.</summary>
internal enum PullStage
{
    /// <summary>Find out what is to be imported.</summary>
    Plan,

    /// <summary>Ask the phone for what is older than all that is here.</summary>
    Older,

    /// <summary>Import some of it.</summary>
    Turn,

    /// <summary>Say that all is done.</summary>
    End,
}

/// <summary>A step of an import on its way.</summary>
/// <param name="Pull">The import's id.</param>
/// <param name="Step">Counted from 0; each is a job of its own.</param>
/// <param name="Conversation">Where the command was given.</param>
/// <param name="IsIntegration">Nobody but the app and agents reads along there.</param>
internal sealed record TaskData(string App, string Session, string Pull, int Step, PullStage Stage, long Conversation, bool IsIntegration)
{
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, TaskJson.Default.TaskData);

    public static TaskData Read(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize(bytes.Span, TaskJson.Default.TaskData)!;
}

/// <summary>How the jobs of an import are tried.</summary>
/// <param name="Timeout">Of one try.</param>
internal sealed record PullTries(int Attempts, TimeSpan Timeout);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(TaskData))]
[JsonSerializable(typeof(MessagePlan))]
[JsonSerializable(typeof(MessageProgress))]
[JsonSerializable(typeof(ContactPlan))]
[JsonSerializable(typeof(ContactProgress))]
internal sealed partial class TaskJson : JsonSerializerContext;
