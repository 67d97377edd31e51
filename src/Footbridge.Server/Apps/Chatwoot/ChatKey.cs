using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>One name for a chat whichever of its addresses an event carried: the LID when it is known, else the phone.</summary>
internal static class ChatKey
{
    public static string Of(PublicEvent e) => e.ChatLid ?? e.ChatPhone ?? e.Payload["from"]?.ToString() ?? "";

    public static bool IsPerson(PublicEvent e) => Jid.TryParse(Of(e), out var jid) && jid.IsUser;
}
