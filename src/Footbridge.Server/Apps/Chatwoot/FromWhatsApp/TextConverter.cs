namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>Whatever has a text, a file, or both.</summary>
internal sealed class TextConverter(MessageText texts, MessageFiles files) : IMessageConverter
{
    public async ValueTask<ChatEntry?> ConvertAsync(Inbound message, CancellationToken ct)
    {
        var text = await texts.OfAsync(message, ct);
        if (ExpectedFile.Of(message) is { } file) return await files.AddAsync(message, new(text), file, ct);
        return text is null ? null : new ChatEntry(text);
    }
}
