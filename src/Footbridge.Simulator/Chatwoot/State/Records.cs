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

    /// <summary>As the API names it; only API inboxes have callbacks here.</summary>
    public string ChannelType { get; init; } = "Channel::Api";

    public bool AssignsByItself { get; set; } = true;

    public bool Greets { get; set; }

    /// <summary>Asks customers how content they were, by a message that says so only in Chatwoot's own words.</summary>
    public bool Surveys { get; set; }

    /// <summary>Hours after which agents may not answer any more; null: none.</summary>
    public long? ReplyWindowHours { get; set; }

    /// <summary>A bot that gets new conversations first, as pending ones.</summary>
    public long? Bot { get; set; }

    /// <summary>The users who see its conversations; administrators see them anyway.</summary>
    public HashSet<long> Members { get; } = [];
}

/// <summary>Somebody who works in the account.</summary>
internal sealed record SimAgent(long Id, string Name, string Role);

/// <summary>What is the account's and not a conversation's: who works there, which version runs, which other accounts the token's owner has.</summary>
internal sealed class SimAccount
{
    public string Version { get; set; } = "4.15.1";

    /// <summary>How its background jobs are, in its own word.</summary>
    public string QueueServices { get; set; } = "ok";

    /// <summary>How far Chatwoot's clock is from ours.</summary>
    public TimeSpan ClockOffset { get; set; }

    /// <summary>The tokens are not accepted any more.</summary>
    public bool IsTokenRevoked { get; set; }

    /// <summary>Further accounts of the token's owner.</summary>
    public List<(long Id, string Name, string Role)> Others { get; } = [];

    public List<SimAgent> Agents { get; } = [new(7, "Agent Smith", "administrator"), new(8, "Agent Jones", "agent")];

    /// <summary>Webhooks of the account, which get everything of all inboxes.</summary>
    public List<Uri> Webhooks { get; } = [];

    public SimProfile Profile => new(System.Version.Parse(Version));

    /// <summary>Whether inboxes have secrets that callbacks are signed with.</summary>
    public bool Signs => Profile.Signs;
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

    public SimProfile Profile { get; init; } = SimProfile.Newest;

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

    public SimProfile Profile { get; init; } = SimProfile.Newest;

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
