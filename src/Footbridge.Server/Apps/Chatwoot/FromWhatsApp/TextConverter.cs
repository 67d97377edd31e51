using Footbridge.Server.Apps.Chatwoot.Convert;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>Whatever has a text.</summary>
internal sealed class TextConverter : IMessageConverter
{
    public ValueTask<ChatEntry?> ConvertAsync(Inbound message, CancellationToken ct) =>
        new(message.Payload["body"]?.ToString() is { Length: > 0 } body ? new ChatEntry(WhatsAppToMarkdown.Apply(body)) : null);
}
