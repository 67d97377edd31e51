using System.Text.Json.Nodes;
using Footbridge.Engine.Media;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Api.Chatting;
using Footbridge.Server.Media;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.State;

/// <summary>Makes messages of what jobs want to send, on the roads of the HTTP API.</summary>
internal sealed class CallContents(IMessageArchive archive, FileMessages files, LinkPreviews previews, TimeProvider time, ILogger<CallContents> logger)
{
    /// <exception cref="SendFileException">The file cannot be had, or is too large.</exception>
    public async Task<UploadedMessage> BuildAsync(Session live, Jid chat, SendCall call, CancellationToken ct)
    {
        if (call.Target is { } named) return new(await ChangeAsync(live, chat, call, ReferenceOf(named), ct), null);
        var context = new MessageContext
        {
            Quote = call.Quote is { } quote ? await Quotes.FindAsync(live, archive, ReferenceOf(quote), chat, ct) : null,
            Mentions = [.. call.Mentions.Select(Jid.Parse)],
            MentionsAll = call.MentionsAll,
        };
        if (call.File is { } file) return await FileAsync(live, chat, call, file, context, ct);
        var text = call.Text ?? "";
        var preview = call.Preview == PreviewSize.None ? null : await previews.FindAsync(live, chat, text, call.Preview == PreviewSize.Large, ct);
        return new(TextContents.Text(text, context, preview), null);
    }

    private async Task<Protocol.Generated.Message> ChangeAsync(Session live, Jid chat, SendCall call, MessageRef reference, CancellationToken ct)
    {
        var target = await Quotes.TargetAsync(live, archive, reference, chat, ct);
        if (call.Kind == SendKind.Reaction) return ChangeContents.Reaction(chat, target, call.Text ?? "", time.GetUtcNow());
        if (call.Kind == SendKind.Delete) return ChangeContents.Revoke(chat, target);
        var original = (await archive.FindAsync(live.Name, null, reference.Id, ct))?.Content;
        return ChangeContents.Edit(chat, target, call.Text ?? "", original, time.GetUtcNow());
    }

    private async Task<UploadedMessage> FileAsync(Session live, Jid chat, SendCall call, SendFile file, MessageContext context, CancellationToken ct)
    {
        var named = new JsonObject { ["url"] = file.Url, ["filename"] = file.Name, ["mimetype"] = file.Mimetype };
        var fields = new FileFields(named, call.Text is { Length: > 0 } caption ? caption : null, Converts: true, IsNote: false) { Trusted = new(file.TrustedUrl) };
        try
        {
            return await AsKindAsync(live, chat, call.Kind, fields, context, ct);
        }
        catch (FileTooLargeException e)
        {
            throw new SendFileException(file.Name, file.SizeBytes, e.LimitBytes, e.Message) { IsFinal = true };
        }
        catch (RuleException e)
        {
            throw new SendFileException(file.Name, file.SizeBytes, null, e.Message);
        }
        catch (MediaTooLargeException e)
        {
            throw new SendFileException(file.Name, file.SizeBytes, null, e.Message) { IsFinal = true };
        }
    }

    private async Task<UploadedMessage> AsKindAsync(Session live, Jid chat, SendKind kind, FileFields fields, MessageContext context, CancellationToken ct)
    {
        try
        {
            return kind switch
            {
                SendKind.Image => await files.ImageAsync(live, chat, fields, context, ct),
                SendKind.Video => await files.VideoAsync(live, chat, fields, context, ct),
                SendKind.Voice => await files.VoiceAsync(live, chat, fields, context, ct),
                _ => await files.DocumentAsync(live, chat, fields, context, ct),
            };
        }
        catch (FfmpegException e)
        {
            // What phones cannot play is still a file that they can keep.
            logger.SentAsDocument(live.Name, e.Message);
            return await files.DocumentAsync(live, chat, fields, context, ct);
        }
    }

    private static MessageRef ReferenceOf(MessageAddress address) =>
        new(address.IsFromMe, null, address.Id, Jid.TryParse(address.Participant, out var author) ? author : null);
}
