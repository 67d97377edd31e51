using Footbridge.Engine.Channels;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Contacts;
using Footbridge.Engine.Events;
using Footbridge.Engine.Groups;
using Footbridge.Engine.Pairing;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Messages;

/// <summary>Takes messages in: decrypts them, and commits the ratchet step, the event and the seen id together before the receipt leaves.</summary>
/// <remarks>Inside the loop. Source: docs/protocol/messages.md.</remarks>
internal sealed class MessageReceiver(
    ILink link, AccountState state, Commits commits, PreKeys preKeys, SenderKeys senderKeys, RetryRequester retries, PeerMessages peers, InboundMessages inbound, WaitingMessages waiting) : IStanzaHandler
{
    private const int InvalidProtobuf = 491;
    private readonly ChannelReceiver _channels = new(link, state, commits, inbound);

    public async ValueTask HandleAsync(Node stanza, CancellationToken ct)
    {
        var source = MessageSource.Parse(stanza, link.Me);
        if (source.Chat.Server == JidServer.Newsletter)
        {
            await _channels.HandleAsync(stanza, source, ct);
            return;
        }

        var batch = new StoreBatch();
        await LearnPairsAsync(source, batch, ct);
        if (await state.IsSeenAsync(source.DedupeKey, ct))
        {
            await commits.CommitAsync(batch, () => link.Send(Receipts.For(stanza, source)), ct);
            return;
        }

        var parts = SealedParts(stanza);
        if (parts.Count == 0) await TakeUnreadableAsync(stanza, source, batch, ct);
        else await OpenAsync(stanza, parts, source, batch, ct);
    }

    /// <summary>What was encrypted for this device alone comes first: it may carry the key of what was encrypted for the whole group.</summary>
    private static List<Node> SealedParts(Node stanza) =>
        [.. stanza.ChildrenOf("enc").Where(enc => enc["type"] is "msg" or "pkmsg"), .. stanza.ChildrenOf("enc").Where(enc => enc["type"] == "skmsg")];

    private async ValueTask OpenAsync(Node stanza, List<Node> parts, MessageSource source, StoreBatch batch, CancellationToken ct)
    {
        Message? content = null;
        ProtocolException? failure = null;
        var isMalformed = false;
        foreach (var part in parts)
        {
            try
            {
                var plaintext = await DecryptAsync(part, source, batch, ct);
                var isDirect = part["type"] != "skmsg";
                if (TryParse(plaintext) is not { } message) isMalformed = true;
                else if (isDirect && await TakeSenderKeyAsync(message, source, batch, ct)) content ??= message;
                else content = message;
            }
            catch (ProtocolException e)
            {
                if (e is not SignalException { Error: SignalError.Duplicate }) failure ??= e;
            }
        }

        if (failure is not null && (content is null || MessageContent.IsOnlyForDevices(content))) await retries.AskAgainAsync(stanza, source, failure, batch, ct);
        else if (content is null && isMalformed) await commits.CommitAsync(batch, () => link.Send(Acks.For(stanza, InvalidProtobuf)), ct);
        else await TakeAsync(stanza, content, source, batch, ct);
    }

    private async ValueTask TakeAsync(Node stanza, Message? content, MessageSource source, StoreBatch batch, CancellationToken ct)
    {
        if (content is not null) link.Liveness.NoteDecrypted();
        try
        {
            if (content is not null) await PublishAsync(content, source, batch, ct);
            if (content is not null && source.IsPeer) await peers.TakeAsync(content, source, batch, ct);
            await commits.CommitAsync(batch, () => link.Send(Receipts.For(stanza, source)), ct);
        }
        catch (ProtocolException)
        {
            await commits.CommitAsync(batch, () => link.Send(Acks.For(stanza, InvalidProtobuf)), ct);
        }
    }

    /// <summary>Keeps a sender key that came with a message; whether the message carries nothing else.</summary>
    private async ValueTask<bool> TakeSenderKeyAsync(Message message, MessageSource source, StoreBatch batch, CancellationToken ct)
    {
        if (message.SenderKeyDistributionMessage is not { HasAxolotlSenderKeyDistributionMessage: true } distribution || source.Chat.IsUser) return false;
        var sender = await EncryptionJidAsync(source.Device, ct);
        await senderKeys.TakeAsync(source.Chat, sender, distribution.AxolotlSenderKeyDistributionMessage.Span.ToArray(), batch, ct);
        return MessageContent.IsOnlyForDevices(message);
    }

    private static Message? TryParse(byte[] plaintext)
    {
        try
        {
            return Protobuf.Parse(Message.Parser, MessagePadding.Remove(plaintext));
        }
        catch (ProtocolException)
        {
            return null;
        }
    }

    private async ValueTask<byte[]> DecryptAsync(Node enc, MessageSource source, StoreBatch batch, CancellationToken ct)
    {
        var bytes = enc.ContentBytes ?? throw new SignalException(SignalError.InvalidMessage, "an enc without content");
        var device = await EncryptionJidAsync(source.Device, ct);
        if (enc["type"] == "skmsg") return await senderKeys.OpenAsync(source.Chat, device, await state.TwinAsync(device, ct), bytes, batch, ct);
        var address = SignalAddress.Of(device);
        var record = await state.SessionAsync(address, ct);
        if (enc["type"] == "msg")
        {
            var plain = SessionCipher.Decrypt(record, bytes);
            AccountState.SaveSession(address, record, batch);
            return plain;
        }

        var credentials = link.Credentials;
        var oneTime = PreKeyIdOf(bytes) is { } id ? await preKeys.FindAsync(id, ct) : null;
        var opened = SessionCipher.DecryptPreKey(
            record, credentials.Identity, bytes, wanted => wanted == credentials.SignedPreKey.Id ? credentials.SignedPreKey.Key : null, _ => oneTime);
        if (opened.UsedPreKeyId is { } used) PreKeys.Remove(used, batch);
        var person = MessageSource.PartyOf(source.Sender, source.SenderTwin ?? await state.TwinAsync(source.Sender, ct));
        await state.NoteIdentityAsync(address, opened.IdentityKey, person, source.Time, batch, ct);
        AccountState.SaveSession(address, record, batch);
        return opened.Plaintext;
    }

    private async ValueTask PublishAsync(Message message, MessageSource source, StoreBatch batch, CancellationToken ct)
    {
        var (chat, sender) = await PartiesAsync(source, ct);
        if (message.DeviceSentMessage is { Message: { } inner } sent)
        {
            if (source.IsFromMe && Jid.TryParse(sent.DestinationJid, out var destination) && !destination.IsSameUser(chat.Address))
            {
                chat = MessageSource.PartyOf(destination.ToUser(), await state.TwinAsync(destination, ct));
            }

            inner.MessageContextInfo ??= message.MessageContextInfo;
            message = inner;
        }

        if (message.PlaceholderMessage is not null)
        {
            await waiting.NoteAsync(source, chat, sender, "unavailable: the message is only on the phone", isHopeless: true, batch, ct);
            return;
        }

        state.MarkSeen(source.DedupeKey, batch);
        if (source.IsPeer) return;
        await inbound.TakeAsync(new(source.EventId, source.Id, source.Time, chat, sender, source.IsFromMe, source.PushName, message) { IsOffline = source.IsOffline }, batch, ct);
    }

    /// <summary>No part that one device encrypted for this one: content withheld from linked devices.</summary>
    private async ValueTask TakeUnreadableAsync(Node stanza, MessageSource source, StoreBatch batch, CancellationToken ct)
    {
        var (chat, sender) = await PartiesAsync(source, ct);
        var unavailable = stanza.Child("unavailable");
        var reason = unavailable is not null ? $"unavailable: {unavailable["type"] ?? "no reason given"}"
            : stanza.Child("enc")?["type"] is { } kind ? $"encrypted as {kind}, which is not supported yet"
            : "no encrypted content";
        await waiting.NoteAsync(source, chat, sender, reason, isHopeless: unavailable is not null, batch, ct);
        await commits.CommitAsync(batch, () => link.Send(stanza.Child("enc") is null ? Acks.For(stanza) : Receipts.For(stanza, source)), ct);
    }

    private async ValueTask LearnPairsAsync(MessageSource source, StoreBatch batch, CancellationToken ct)
    {
        foreach (var (address, twin) in new[] { (source.Chat, source.ChatTwin), (source.Sender, source.SenderTwin) })
        {
            if (twin is not { } other || !address.IsUser) continue;
            if (address.IsLid) await state.LearnPairAsync(other, address, PairSource.Address, source.Time, batch, ct);
            else await state.LearnPairAsync(address, other, PairSource.Address, source.Time, batch, ct);
        }
    }

    private async ValueTask<(Party Chat, Party Sender)> PartiesAsync(MessageSource source, CancellationToken ct) =>
        (MessageSource.PartyOf(source.Chat, source.ChatTwin ?? await state.TwinAsync(source.Chat, ct)),
            MessageSource.PartyOf(source.Sender, source.SenderTwin ?? await state.TwinAsync(source.Sender, ct)));

    private async ValueTask<Jid> EncryptionJidAsync(Jid device, CancellationToken ct) =>
        device.IsPhone && await state.TwinAsync(device, ct) is { } lid ? lid.WithDevice(device.Device) : device;

    private static uint? PreKeyIdOf(byte[] bytes)
    {
        if (bytes.Length < 2) return null;
        var message = Protobuf.Parse(PreKeySignalMessage.Parser, bytes.AsSpan(1));
        return message.HasPreKeyId ? message.PreKeyId : null;
    }
}
