using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;

namespace Footbridge.Simulator.WhatsApp.Phone;

/// <summary>A message as a phone shows it.</summary>
/// <param name="Chat">The other person's phone number.</param>
internal sealed record PhoneMessage(string Id, Jid Chat, Jid Sender, bool IsFromMe, Message Content)
{
    public string Text => Content.ExtendedTextMessage?.Text ?? Content.Conversation;

    /// <summary>The secret under which others add to the message, or null.</summary>
    public byte[]? Secret => Content.MessageContextInfo is { HasMessageSecret: true } info ? info.MessageSecret.ToByteArray() : null;

    public string? QuotedId => (Content.ExtendedTextMessage?.ContextInfo ?? PhoneFile.PartOf(Content)?.Part.ContextInfo) is { HasStanzaId: true } context ? context.StanzaId : null;
}

/// <summary>A receipt as a phone gets it; <paramref name="Type"/> is <c>delivery</c>, <c>read</c> or <c>played</c>.</summary>
internal sealed record PhoneReceipt(string MessageId, Jid From, string Type);
