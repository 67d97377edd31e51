using Footbridge.Server.Apps.Chatwoot.Wording;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp.Kinds;

/// <summary>What stands before the pictures of an album, which follow as messages of their own.</summary>
internal sealed class AlbumConverter : IMessageConverter
{
    public ValueTask<ChatEntry?> ConvertAsync(Inbound message, CancellationToken ct)
    {
        if (message.Content.AlbumMessage is not { } album) return new((ChatEntry?)null);
        var (images, videos) = ((long)album.ExpectedImageCount, (long)album.ExpectedVideoCount);
        return new(new ChatEntry(message.Words.Say(Key.FromWhatsAppAlbum, new { expectedImageCount = images, expectedVideoCount = videos, totalCount = images + videos })));
    }
}
