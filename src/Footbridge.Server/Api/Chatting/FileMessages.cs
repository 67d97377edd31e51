using Footbridge.Engine.Media;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Media;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Media;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Chatting;

/// <summary>Makes messages of files for a chat: the file is brought here, made fit when asked to, described and uploaded; nothing is sent.</summary>
/// <remarks>All throw what <see cref="OutgoingFiles.OpenAsync"/>, <see cref="Transcoder"/> and <see cref="MediaFeature.UploadAsync"/> throw.</remarks>
internal sealed class FileMessages(OutgoingFiles files, Transcoder transcoder)
{
    public async Task<UploadedMessage> ImageAsync(Session live, Jid chat, FileFields fields, MessageContext context, CancellationToken ct)
    {
        using var file = await files.OpenAsync(fields.File, fields.Trusted, ct);
        return await UploadAsync(live, chat, MediaKind.Image, file, MediaContent.Image, fields.Caption, context, ct);
    }

    public async Task<UploadedMessage> DocumentAsync(Session live, Jid chat, FileFields fields, MessageContext context, CancellationToken ct)
    {
        using var file = await files.OpenAsync(fields.File, fields.Trusted, ct);
        return await UploadAsync(live, chat, MediaKind.Document, file, MediaContent.Document, fields.Caption, context, ct);
    }

    public async Task<UploadedMessage> VoiceAsync(Session live, Jid chat, FileFields fields, MessageContext context, CancellationToken ct)
    {
        using var given = await files.OpenAsync(fields.File, fields.Trusted, ct);
        using var converted = fields.Converts ? await transcoder.ToVoiceAsync(given, ct) : null;
        var file = converted ?? given;
        // Phones want the codec named; what is not Opus does not play there, as the caller was told.
        if (file.Essence == "audio/ogg") file = file with { Mimetype = Transcoder.VoiceMimetype };
        return await UploadAsync(live, chat, MediaKind.Audio, file, MediaContent.Voice, null, context, ct);
    }

    public async Task<UploadedMessage> VideoAsync(Session live, Jid chat, FileFields fields, MessageContext context, CancellationToken ct)
    {
        using var given = await files.OpenAsync(fields.File, fields.Trusted, ct);
        var isGif = given.Essence == "image/gif";
        using var converted = fields.Converts || isGif ? await transcoder.ToVideoAsync(given, ct) : null;
        Func<UploadedMedia, MediaDetails, Message> build = fields.IsNote ? MediaContent.VideoNote : isGif ? MediaContent.Gif : MediaContent.Video;
        return await UploadAsync(live, chat, MediaKind.Video, converted ?? given, build, fields.Caption, context, ct);
    }

    private async Task<UploadedMessage> UploadAsync(
        Session live, Jid chat, MediaKind kind, OutgoingFile file, Func<UploadedMedia, MediaDetails, Message> build, string? caption, MessageContext context, CancellationToken ct)
    {
        var details = await transcoder.DescribeAsync(file, ct) with { Caption = caption, Context = context };
        await using var plain = file.Open();
        var uploaded = await live.UploadAsync(chat, kind, plain, ct);
        return new(build(uploaded, details), uploaded.Handle);
    }
}
