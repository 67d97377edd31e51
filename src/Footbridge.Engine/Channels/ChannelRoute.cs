using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Google.Protobuf;
using ProtocolType = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage.Types.Type;

namespace Footbridge.Engine.Channels;

/// <summary>Messages to channels: in clear, since anybody may follow. Source: docs/protocol/channels.md.</summary>
internal sealed class ChannelRoute(AccountContext context) : ISendRoute
{
    public bool Carries(Jid chat) => chat.Server == JidServer.Newsletter && chat.User.Length > 0;

    public async Task<Leaving> LetLeaveAsync(OutgoingMessage message, CancellationToken ct)
    {
        var content = MessageContent.Unwrap(message.Content);
        if (content.Attachment is var (_, file) && !file.MediaKey.IsEmpty) throw new SendFailedException("channels take files in clear only");
        if (TargetOf(content) is { } target) return await LetChangeLeaveAsync(message, content.ProtocolMessage, target, ct);
        var stanza = content.ReactionMessage is { } reaction ? await ReactionAsync(message, reaction, ct)
            : IsAddOn(content) ? throw new SendFailedException("channels do not take this kind of message")
            : ChannelStanzas.Post(message.To, message.Id, MessageTraits.Of(message.Content), InClear(message.Content), message.MediaHandle);
        return await Leaving.AfterAsync(context.Link, message.Id, _ => SendAsync(message, stanza, () => { }, ct), ct);
    }

    private async Task<Leaving> LetChangeLeaveAsync(OutgoingMessage message, Message.Types.ProtocolMessage change, string target, CancellationToken ct)
    {
        if (await StoredOutgoing.LoadAsync(context.Store, target, ct) is { AckedAtSeconds: null }) throw new SendFailedException("the message to change has not reached WhatsApp");
        await context.ChannelChanges.EarlierAsync(target, message.Id, ct);
        var stanza = change.Type == ProtocolType.Revoke
            ? ChannelStanzas.Delete(message.To, target)
            : ChannelStanzas.Edit(message.To, target, MessageTraits.Of(change.EditedMessage), InClear(change.EditedMessage));
        return await Leaving.AfterAsync(context.Link, message.Id, ack => SendAsync(message, stanza, () => context.ChannelChanges.Add(target, message.Id, ack), ct), ct);
    }

    private Task<bool> SendAsync(OutgoingMessage message, Node stanza, Action beforeSending, CancellationToken ct) => context.Loop.RunAsync(async stop =>
    {
        context.Link.RequireOnline();
        var batch = new StoreBatch();
        StoredOutgoing.Put(message, context.Time.GetUtcNow(), batch);
        beforeSending();
        await context.Commits.CommitAsync(batch, () => context.Link.Send(stanza), stop);
        return true;
    }, ct);

    private async Task<Node> ReactionAsync(OutgoingMessage message, Message.Types.ReactionMessage reaction, CancellationToken ct)
    {
        var serverId = await ServerIds.FindAsync(context.Store, message.To, reaction.Key?.Id ?? "", ct);
        return serverId is { } number ? ChannelStanzas.Reaction(message.To, message.Id, number, reaction.Text) : throw new SendFailedException("Unable to get server id for channel message");
    }

    /// <summary>The message that an edit or a delete is about, or null.</summary>
    private static string? TargetOf(Message content) =>
        content.ProtocolMessage is { Type: ProtocolType.Revoke } or { Type: ProtocolType.MessageEdit, EditedMessage: not null } ? content.ProtocolMessage.Key?.Id : null;

    private static bool IsAddOn(Message content) =>
        content.ProtocolMessage is not null || content.PollUpdateMessage is not null || content.PinInChatMessage is not null || content.KeepInChatMessage is not null
        || content.EncReactionMessage is not null || content.SecretEncryptedMessage is not null || content.EncEventResponseMessage is not null;

    /// <summary>A secret that everybody can read is none.</summary>
    private static byte[] InClear(Message content)
    {
        var bare = content.Clone();
        bare.MessageContextInfo?.ClearMessageSecret();
        if (bare.MessageContextInfo?.CalculateSize() == 0) bare.MessageContextInfo = null;
        return bare.ToByteArray();
    }
}
