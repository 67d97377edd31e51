using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Messages;

/// <summary>A text to send.</summary>
/// <param name="Id">Chosen by the caller before the first try (<see cref="MessageIds"/>); sending the same id again is harmless.</param>
/// <param name="To">A person, by phone or LID, without device.</param>
public sealed record OutgoingText(string Id, Jid To, string Text, QuotedMessage? Quote = null)
{
    /// <inheritdoc cref="OutgoingMessage.Tag"/>
    public string? Tag { get; init; }
}

/// <summary>The message a text answers.</summary>
/// <param name="Author">Who wrote it, without device.</param>
/// <param name="Text">What it said, as far as known; WhatsApp shows it above the answer.</param>
public sealed record QuotedMessage(string Id, Jid Author, string? Text);
