using Footbridge.Engine.Events;
using Footbridge.Engine.Media;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Config;
using Footbridge.Server.Media;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Chatting;

/// <summary>Files of messages that are passed on: between channels and everybody else a file changes its form, so it is fetched and uploaded anew.</summary>
internal sealed class ForwardedFiles(Settings settings)
{
    /// <summary>The content as it can go to a chat.</summary>
    /// <param name="content">What <paramref name="original"/> becomes when passed on; changed when its file moves.</param>
    /// <exception cref="RuleException">The original names no file that can be fetched.</exception>
    /// <exception cref="MediaFailedException">The file cannot be fetched or uploaded.</exception>
    public async Task<UploadedMessage> FitAsync(Session live, MessageReceived original, Message content, Jid chat, CancellationToken ct)
    {
        if (content.Attachment is not var (kind, part)) return new(content, null);
        var isForChannel = chat.Server == JidServer.Newsletter;
        if (!isForChannel && !part.MediaKey.IsEmpty) return new(content, null);
        var media = ArrivedMedia.Of(original) ?? throw new RuleException("The message's file cannot be fetched, so it cannot be forwarded");
        var path = ScratchFolder.NewFile(settings);
        try
        {
            await live.Client.Media.DownloadAsync(media, path, ct);
            await using var plain = File.OpenRead(path);
            var uploaded = await live.UploadAsync(chat, kind, plain, ct);
            MediaContent.Place(part, uploaded);
            return new(content, uploaded.Handle);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
