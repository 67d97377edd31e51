using System.Buffers.Binary;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Events;
using Footbridge.Engine.Pairing;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;
using Microsoft.Extensions.Logging;

namespace Footbridge.Engine.Messages;

/// <summary>Asks a sender for a message again that could not be decrypted. Source: docs/protocol/receipts.md.</summary>
internal sealed class RetryRequester(ILink link, AccountState state, Commits commits, IDeviceStore store, PreKeys preKeys, WaitingMessages waiting, ILogger logger)
{
    public const int MaxRequests = 5;

    /// <summary>Notes the failure, tells of the waiting message once, and asks; from the second time on with fresh keys.</summary>
    public async ValueTask AskAgainAsync(Node stanza, MessageSource source, ProtocolException error, StoreBatch batch, CancellationToken ct)
    {
        var code = error is SignalException signal ? signal.Error : SignalError.InvalidMessage;
        var count = Math.Max(await CountAsync(source, ct), (int)(stanza.Child("enc")?.LongOf("count") ?? 0)) + 1;
        logger.DecryptFailed(source.Id, code.ToString(), count);
        link.Liveness.NoteUndecrypted(source.DedupeKey, source.Sender.ToUser().ToString());
        batch.Put(StateKind.Retry, source.DedupeKey, BitConverter.GetBytes(count));
        if (count == 1)
        {
            var chat = MessageSource.PartyOf(source.Chat, source.ChatTwin ?? await state.TwinAsync(source.Chat, ct));
            var sender = MessageSource.PartyOf(source.Sender, source.SenderTwin ?? await state.TwinAsync(source.Sender, ct));
            await waiting.NoteAsync(source, chat, sender, $"could not be decrypted ({code})", isHopeless: false, batch, ct);
        }

        var receipt = count > MaxRequests ? null : await RequestAsync(stanza, source, code, count, batch, ct);
        await commits.CommitAsync(batch, () =>
        {
            if (receipt is not null) link.Send(receipt);
            link.Send(Acks.For(stanza));
        }, ct);
    }

    private async ValueTask<int> CountAsync(MessageSource source, CancellationToken ct)
    {
        await commits.DrainAsync();
        return await store.GetAsync(StateKind.Retry, source.DedupeKey, ct) is { Length: 4 } stored ? BinaryPrimitives.ReadInt32LittleEndian(stored) : 0;
    }

    private async ValueTask<Node> RequestAsync(Node stanza, MessageSource source, SignalError code, int count, StoreBatch batch, CancellationToken ct)
    {
        var credentials = link.Credentials;
        Node? keys = null;
        // A group message that came without its sender's key is opened by a new session only, so the keys for one go along at once.
        var lacksSenderKey = code is SignalError.NoSession && !stanza.ChildrenOf("enc").Any(enc => enc["type"] is "msg" or "pkmsg");
        if (count > 1 || code is SignalError.InvalidKeyId || lacksSenderKey)
        {
            var (id, key) = await preKeys.TakeFreshAsync(batch, ct);
            keys = Node.Of("keys",
                Node.OfBytes("type", [SignalKeys.Type]),
                Node.OfBytes("identity", credentials.Identity.Identity.Public),
                PreKeyStanzas.Key("key", id, key.Public),
                PreKeyStanzas.Signed(credentials.SignedPreKey),
                Node.OfBytes("device-identity", credentials.SignedIdentity));
        }

        return Node.Of("receipt",
            [("id", source.Id), ("to", stanza["from"]), ("type", "retry"), ("participant", stanza["participant"]), ("recipient", stanza["recipient"]), ("category", stanza["category"])],
            Node.Of("retry", [("count", count), ("id", source.Id), ("t", stanza["t"]), ("v", 1), ("error", (int)code)]),
            Node.OfBytes("registration", PreKeyStanzas.RegistrationBytes(credentials.Identity.RegistrationId)),
            keys);
    }
}
