using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Footbridge.Server.Sessions;

/// <summary>Who a session is, as the API tells it.</summary>
internal sealed record MeInfo(string Id, string? Lid, string? Jid, string? PushName);

/// <summary>WAHA's event envelope. <see cref="Id"/> is the same each time the same thing is told.</summary>
internal sealed record PublicEvent(string Id, long Timestamp, string Event, string Session, MeInfo? Me, JsonObject Payload)
{
    public const string MessageAny = "message.any";
    public const string Message = "message";
    public const string MessageAck = "message.ack";
    public const string MessageAckGroup = "message.ack.group";
    public const string MessageReaction = "message.reaction";
    public const string MessageEdited = "message.edited";
    public const string MessageRevoked = "message.revoked";
    public const string PollVote = "poll.vote";
    public const string PollVoteFailed = "poll.vote.failed";
    public const string EventResponse = "event.response";
    public const string EventResponseFailed = "event.response.failed";
    public const string MessageWaiting = "message.waiting";
    public const string SessionStatus = "session.status";
    public const string GroupJoin = "group.v2.join";
    public const string GroupLeave = "group.v2.leave";
    public const string GroupParticipants = "group.v2.participants";
    public const string GroupUpdate = "group.v2.update";

    /// <summary>Deprecated by WAHA and still told beside <see cref="GroupJoin"/>.</summary>
    public const string OldGroupJoin = "group.join";

    /// <summary>Deprecated by WAHA and still told beside <see cref="GroupLeave"/>.</summary>
    public const string OldGroupLeave = "group.leave";

    public string Engine { get; init; } = "NOWEB";

    public EnvironmentInfo Environment { get; init; } = EnvironmentInfo.Current;

    /// <summary>Both addresses of the chat for ordering and filing; not part of WAHA's envelope.</summary>
    public string? ChatPhone { get; init; }

    public string? ChatLid { get; init; }

    /// <summary>Who of this process sent the message, so that it is not told to itself; not part of WAHA's envelope.</summary>
    public string? Tag { get; init; }

    public static PublicEvent Read(byte[] bytes) => JsonSerializer.Deserialize(bytes, SessionJson.Default.PublicEvent)!;

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, SessionJson.Default.PublicEvent);
}

internal sealed record WorkerInfo(string Id);

internal sealed record EnvironmentInfo(string Version, string Engine, string Tier, string? Browser, string Platform, WorkerInfo Worker)
{
    public const string WorkerId = "footbridge";

    /// <summary>The contract that is served, which clients compare; the product's own version stands beside it in the version answer.</summary>
    public const string Contract = "2026.7.1";

    public static EnvironmentInfo Current { get; } = new(Contract, "NOWEB", "PLUS", null, PlatformName(), new(WorkerId));

    private static string PlatformName()
    {
        var system = OperatingSystem.IsLinux() ? "linux" : OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "unknown";
        return $"{system}/{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PublicEvent))]
internal sealed partial class SessionJson : JsonSerializerContext;
