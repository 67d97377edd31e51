using System.Text.Json.Nodes;
using Footbridge.Server.Apps.Chatwoot.Convert;
using Footbridge.Server.Apps.Chatwoot.Wording;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp.Kinds;

/// <summary>An event that people are invited to, with its times as people read them.</summary>
internal sealed class EventConverter : IMessageConverter
{
    public ValueTask<ChatEntry?> ConvertAsync(Inbound message, CancellationToken ct)
    {
        if (message.Content.EventMessage is null) return new((ChatEntry?)null);
        var shown = (JsonObject)message.Raw.DeepClone();
        var planned = shown["eventMessage"]!.AsObject();
        foreach (var field in new[] { "startTime", "endTime" }) planned[field] = message.Words.Date(planned[field]);
        return new(new ChatEntry(WhatsAppToMarkdown.Apply(message.Words.Say(Key.FromWhatsAppEvent, new { payload = message.Payload, message = shown }))));
    }
}
