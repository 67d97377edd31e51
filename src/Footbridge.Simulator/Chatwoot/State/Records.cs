using System.Text.Json.Nodes;

namespace Footbridge.Simulator.Chatwoot.State;

/// <summary>An API inbox.</summary>
internal sealed class SimInbox
{
    public required long Id { get; init; }

    public required string Name { get; set; }

    /// <summary>The secret of the public API.</summary>
    public required string Identifier { get; init; }

    public Uri? WebhookUrl { get; set; }

    /// <summary>What callbacks are signed with; null for inboxes made before 4.13.</summary>
    public string? Secret { get; set; }

    /// <summary>A contact's last conversation is used again, whatever its status.</summary>
    public bool LocksToSingle { get; set; }
}

internal sealed class SimContact
{
    public required long Id { get; init; }

    public required string Name { get; set; }

    public string? Email { get; set; }

    public string? Identifier { get; set; }

    public string? PhoneNumber { get; set; }

    public bool IsBlocked { get; set; }

    public JsonObject CustomAttributes { get; set; } = [];

    /// <summary>The picture, and how many there were before it.</summary>
    public (int Number, byte[] Jpeg)? Picture { get; set; }

    public required long CreatedAt { get; init; }

    /// <summary>The contact's places in inboxes, oldest first; several in one inbox are possible.</summary>
    public List<(long Inbox, string SourceId)> Links { get; } = [];
}

internal sealed class SimConversation
{
    /// <summary>The display id: the only one that is ever shown.</summary>
    public required long Id { get; init; }

    public required SimContact Contact { get; set; }

    public required long InboxId { get; init; }

    public required string SourceId { get; init; }

    public string Status { get; set; } = "open";

    public required long CreatedAt { get; set; }

    public long LastActivityAt { get; set; }

    public double UpdatedAt { get; set; }

    /// <summary>0: nobody waits for an answer.</summary>
    public long WaitingSince { get; set; }

    public long FirstReplyAt { get; set; }

    public long ContactLastSeenAt { get; set; }

    public bool IsContactTyping { get; set; }

    public JsonObject CustomAttributes { get; set; } = [];

    public List<string> Labels { get; set; } = [];

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

    public string ContentType { get; set; } = "text";

    public string? SourceId { get; init; }

    public string Status { get; set; } = "sent";

    public JsonObject ContentAttributes { get; set; } = [];

    public required long CreatedAt { get; init; }

    public double UpdatedAt { get; set; }

    /// <summary>The public address of the files, as the operator set it.</summary>
    public Uri FrontendUrl { get; init; } = new("http://0.0.0.0:3000");

    /// <summary>Name, type and bytes of files.</summary>
    public List<(string Name, string ContentType, byte[] Bytes)> Files { get; } = [];

    public bool IsFromAgent { get; init; }
}
