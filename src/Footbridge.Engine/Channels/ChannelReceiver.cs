using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using ProtocolType = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage.Types.Type;

namespace Footbridge.Engine.Channels;

/// <summary>Takes in what channels publish: messages in clear, which get a plain ack. Inside the loop. Source: docs/protocol/channels.md.</summary>
internal sealed class ChannelReceiver(ILink link, AccountState state, Commits commits, InboundMessages inbound)
{
    private const string Deleted = "8";

    public async ValueTask HandleAsync(Node stanza, MessageSource source, CancellationToken ct)
    {
        var batch = new StoreBatch();
        if (stanza.LongOf("server_id") is { } serverId) ServerIds.Keep(source.Chat, source.Id, serverId, batch);
        if (Read(stanza, source) is { } message && !await state.IsSeenAsync(message.EventId, ct))
        {
            state.MarkSeen(message.EventId, batch);
            await inbound.TakeAsync(message, batch, ct);
        }

        await commits.CommitAsync(batch, () => link.Send(Acks.For(stanza)), ct);
    }

    /// <summary>Null when it is nothing for people: what becomes of reactions is only counted.</summary>
    private InboundMessage? Read(Node stanza, MessageSource source)
    {
        if (stanza.Child("plaintext") is null) return null;
        var isMine = stanza["is_sender"] == "true";
        var chat = MessageSource.PartyOf(source.Chat, null);
        var sender = isMine ? MessageSource.PartyOf(link.Me.Phone.ToUser(), link.Me.Lid?.ToUser()) : chat;
        var plain = new InboundMessage($"message:{source.Id}|{sender.Address.User}", source.Id, source.Time, chat, sender, isMine, source.PushName, new()) { IsOffline = source.IsOffline };
        var editedAt = stanza.Child("meta")?["msg_edit_t"];
        if (stanza["edit"] == Deleted) return AsChange(plain, new() { Type = ProtocolType.Revoke }, Deleted);
        if (ChannelParser.Content(stanza) is not { } content) return null;
        if (stanza["edit"] is null && editedAt is null) return plain with { Content = content };
        return AsChange(plain, new() { Type = ProtocolType.MessageEdit, EditedMessage = content }, editedAt ?? stanza["t"] ?? "");
    }

    /// <summary>A change comes under the id of the message it changes; everywhere else it has one of its own.</summary>
    private static InboundMessage AsChange(InboundMessage original, Message.Types.ProtocolMessage change, string version)
    {
        change.Key = new() { RemoteJid = original.Chat.Address.ToString(), Id = original.Id, FromMe = original.IsFromMe };
        var id = MessageIds.Derive($"{original.Chat.Address}|{original.Id}|{version}");
        return original with { EventId = $"message:{id}|{original.Sender.Address.User}", Id = id, Content = new() { ProtocolMessage = change } };
    }
}
