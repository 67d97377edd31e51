using Footbridge.Engine.Messages.Contents;
using Footbridge.Protocol.Generated;
using Footbridge.Server.Apps.Chatwoot.Convert;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Config;
using Footbridge.Server.Sessions.Events;
using Google.Protobuf;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp.Kinds;

/// <summary>An answer to a status post: with what the post said, and the picture of it that the answer carries.</summary>
internal sealed class StatusReplyConverter(IMessageConverter text, Settings settings) : IMessageConverter
{
    private const string StatusFeed = "status@broadcast";

    public async ValueTask<ChatEntry?> ConvertAsync(Inbound message, CancellationToken ct)
    {
        if (ContextInfos.Find(message.Content) is not { RemoteJid: StatusFeed, StanzaId.Length: > 0 } context) return null;
        if (await text.ConvertAsync(message, ct) is not { } entry) return null;
        var quoted = context.QuotedMessage;
        var quotedText = quoted is null ? null : MessageTexts.BodyOf(quoted);
        var said = message.Words.Say(Key.FromWhatsAppStatusReply, new
        {
            type = KindOf(quoted, quotedText),
            quotedText = quotedText is null ? null : WhatsAppToMarkdown.Apply(quotedText),
            content = entry.Text,
        });
        entry = entry with { Text = said.TrimEnd() };
        if (PictureOf(quoted) is not { IsEmpty: false } picture) return entry;
        return entry with { Files = [await ScratchEntries.WriteAsync(settings, picture.Memory, "status-message.jpeg", "image/jpeg", ct), .. entry.Files] };
    }

    private static string KindOf(Message? quoted, string? text) => quoted switch
    {
        { ImageMessage: not null } or { StickerMessage: not null } => "image",
        { VideoMessage: not null } => "video",
        { AudioMessage: not null } => "audio",
        _ => text is null ? "unknown" : "text",
    };

    private static ByteString? PictureOf(Message? quoted) => quoted?.ImageMessage?.JpegThumbnail ?? quoted?.VideoMessage?.JpegThumbnail;
}
