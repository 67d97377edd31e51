using System.Text.Json.Nodes;

namespace Footbridge.Simulator.Chatwoot.State;

internal sealed class SimContact
{
    public required long Id { get; init; }

    public required string Name { get; set; }

    public string? Identifier { get; set; }

    public string? PhoneNumber { get; set; }

    public JsonObject CustomAttributes { get; set; } = [];

    /// <summary>Source id by inbox.</summary>
    public Dictionary<long, string> Inboxes { get; } = [];
}

internal sealed class SimConversation
{
    public required long Id { get; init; }

    public required SimContact Contact { get; init; }

    public required long InboxId { get; init; }

    public string Status { get; set; } = "open";

    public required long CreatedAt { get; init; }

    public long LastActivityAt { get; set; }

    public List<SimMessage> Messages { get; } = [];
}

internal enum SimMessageType
{
    Incoming = 0,
    Outgoing = 1,
    Activity = 2,
    Template = 3,
}

internal sealed class SimMessage
{
    public required long Id { get; init; }

    public required long ConversationId { get; init; }

    public required string? Content { get; set; }

    public required SimMessageType Type { get; init; }

    public bool IsPrivate { get; init; }

    public string? SourceId { get; init; }

    public string Status { get; set; } = "sent";

    public JsonObject ContentAttributes { get; set; } = [];

    public required long CreatedAt { get; init; }

    public double UpdatedAt { get; set; }

    /// <summary>Name, type and bytes of files.</summary>
    public List<(string Name, string ContentType, byte[] Bytes)> Files { get; } = [];

    public bool IsFromAgent { get; init; }
}
