using System.Globalization;
using Footbridge.Protocol.Messages;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Messages;

/// <summary>The reporting token of an outgoing message, as the stanza carries it. Source: docs/protocol/message-kinds.md.</summary>
internal static class Reporting
{
    /// <param name="author">The own address as used in this chat.</param>
    public static Node? NodeFor(OutgoingMessage message, MessageTraits traits, ReadOnlySpan<byte> plaintext, Jid author, Jid chat)
    {
        if (!traits.IsReportable || message.Content.MessageContextInfo is not { HasMessageSecret: true } info) return null;
        return ReportingToken.Of(plaintext, info.MessageSecret.Span, message.Id, author, chat) is { } token
            ? Node.Of("reporting", Node.OfBytes("reporting_token", [("v", ReportingToken.Version.ToString(CultureInfo.InvariantCulture))], token))
            : null;
    }
}
