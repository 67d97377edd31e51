using Footbridge.Engine.Messages.Contents;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Config;
using Footbridge.Server.Media;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Chatting;

/// <summary>What is shown of the page that a text links to.</summary>
internal sealed class LinkPreviews(LinkPages pages, LinkPictures pictures, Settings settings)
{
    /// <summary>The preview of the first link in a text; null when there is no link, or nothing to tell of it. Never fails the send.</summary>
    /// <param name="isLarge">Whether the page's picture is uploaded as well, for phones to show it large.</param>
    public async Task<LinkPreview?> FindAsync(Session live, Jid chat, string text, bool isLarge, CancellationToken ct)
    {
        if (await pages.FindAsync(text, ct) is not { } page) return null;
        var preview = new LinkPreview(page.Url, page.Title, page.Description, null);
        if (page.Image is not { } image) return preview;
        using var file = new OutgoingFile(ScratchFolder.NewFile(settings), MimeTypes.Unknown, "image");
        return await pages.FetchImageAsync(image, file.Path, ct) ? await pictures.AddAsync(preview, file, live, chat, isLarge, ct) : preview;
    }
}
