using Footbridge.Protocol.Xml;

namespace Footbridge.Simulator.WhatsApp;

/// <summary>What the server allows its accounts; tests change it while it runs.</summary>
internal sealed class ServerRules
{
    /// <summary>The error in the ack of a device's message instead of taking it, or null: 463, 475, 479 ….</summary>
    public Func<Jid, Node, int?>? Refuses { get; set; }

    /// <summary>Whether the server knows a stored document by this number; null when it knows all of them.</summary>
    public Func<string, bool>? KnowsDocument { get; set; }

    /// <summary>When accounts may write to strangers again; null when they may.</summary>
    public DateTimeOffset? ReachOutEnds { get; set; }

    /// <summary>When the period ends in which no more new chats are allowed; null when they are.</summary>
    public DateTimeOffset? NewChatsEnd { get; set; }

    /// <summary>Everybody's privacy of read receipts: <c>all</c> or <c>none</c>.</summary>
    public string ReadReceipts { get; set; } = "all";
}
