using Footbridge.Server.Apps.Chatwoot.Convert;
using Footbridge.Server.Apps.Chatwoot.Wording;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>Whatever has a text.</summary>
internal sealed class TextConverter : IMessageConverter
{
    public ValueTask<ChatEntry?> ConvertAsync(Inbound message, CancellationToken ct) =>
        new(message.Words.Say(Key.FromWhatsApp, new { payload = message.Payload }) is { Length: > 0 } body ? new ChatEntry(WhatsAppToMarkdown.Apply(body)) : null);
}
