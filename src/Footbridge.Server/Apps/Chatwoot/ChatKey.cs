using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>One name for a chat whichever of its addresses an event carried: the LID when it is known, else the phone.</summary>
internal static class ChatKey
{
    /// <remarks>What is no person has one address, which each kind of event has in its own place.</remarks>
    public static string Of(PublicEvent e) =>
        e.ChatLid ?? e.ChatPhone ?? (e.Payload["from"] ?? e.Payload["group"]?["id"] ?? e.Payload["vote"]?["to"])?.ToString() ?? "";

    public static bool IsPerson(PublicEvent e) => Jid.TryParse(Of(e), out var jid) && jid.IsUser;
}
