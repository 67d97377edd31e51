using Footbridge.Server.Apps.Chatwoot.Convert;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Config;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp.Kinds;

/// <summary>The first words of somebody who came from an advertisement, with the picture that the message carries of it.</summary>
internal sealed class AdConverter(Settings settings) : IMessageConverter
{
    public async ValueTask<ChatEntry?> ConvertAsync(Inbound message, CancellationToken ct)
    {
        if (message.Content.ExtendedTextMessage?.ContextInfo?.ExternalAdReply is not { } ad || ad.CalculateSize() == 0) return null;
        var adData = new { title = ad.Title, body = ad.Body, thumbnailUrl = ad.ThumbnailUrl, originalImageUrl = ad.OriginalImageUrl, sourceUrl = ad.SourceUrl, sourceId = ad.SourceId };
        var text = WhatsAppToMarkdown.Apply(message.Words.Say(Key.FromWhatsAppFacebookAd, new { payload = message.Payload, adData }));
        if (ad.Thumbnail.IsEmpty) return new ChatEntry(text);
        return new ChatEntry(text) { Files = [await ScratchEntries.WriteAsync(settings, ad.Thumbnail.Memory, "facebook-ad-image.jpg", "image/jpeg", ct)] };
    }
}
