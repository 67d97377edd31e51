using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;

namespace Footbridge.Server.Api.Chatting;

/// <summary>What send operations answer, whatever was sent: a <c>WAMessage</c> with the id also where clients of other engines look for it.</summary>
internal static class SentShape
{
    public static JsonObject Of(SentMessage sent, Message content, MeInfo? me)
    {
        // A document's caption goes out in a container; the shape is of what is in it, as with messages that come in.
        var shown = content.DocumentWithCaptionMessage?.Message ?? content;
        var self = WahaIds.ParseChatId(me?.Id ?? "") ?? sent.Chat.Address;
        var sender = new Party(self, self, Jid.TryParse(me?.Lid, out var lid) ? lid : null);
        var shape = MessagePayloads.Of(new MessageReceived($"sent:{sent.Id}", sent.Time, sent.Id, sent.Chat, sender, true, me?.PushName, shown, false) { Origin = MessageOrigin.Api }, null);
        shape["key"] = shape["_data"]?["key"]?.DeepClone();
        return shape;
    }
}
