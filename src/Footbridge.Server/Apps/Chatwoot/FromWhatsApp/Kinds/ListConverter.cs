using Footbridge.Server.Apps.Chatwoot.Convert;
using Footbridge.Server.Apps.Chatwoot.Wording;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp.Kinds;

/// <summary>A list to choose from, with all its rows.</summary>
internal sealed class ListConverter : IMessageConverter
{
    public ValueTask<ChatEntry?> ConvertAsync(Inbound message, CancellationToken ct) => new(message.Content.ListMessage is null
        ? null
        : new ChatEntry(WhatsAppToMarkdown.Apply(message.Words.Say(Key.FromWhatsAppList, new { payload = message.Payload, message = message.Raw }))));
}
