using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>A call in a group belongs to the group, and not to the chat with whoever called.</summary>
internal static class GroupCalls
{
    public static PublicEvent InTheirGroup(PublicEvent e)
    {
        if (e.Event is not (CallPayloads.Received or CallPayloads.Accepted or CallPayloads.Rejected) || e.Payload["_data"]?["groupId"]?.ToString() is not { Length: > 0 } group) return e;
        var payload = (JsonObject)e.Payload.DeepClone();
        payload["participant"] = payload["from"]?.DeepClone();
        payload["from"] = group;
        return e with { ChatPhone = group, ChatLid = null, Payload = payload };
    }
}
