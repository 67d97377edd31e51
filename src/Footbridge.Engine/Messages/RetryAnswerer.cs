using Footbridge.Engine.Connection;
using Footbridge.Engine.Groups;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;
using Google.Protobuf;

namespace Footbridge.Engine.Messages;

/// <summary>Answers devices that could not decrypt a message of ours: sends it again, to that device alone. Source: docs/protocol/receipts.md.</summary>
internal sealed class RetryAnswerer(AccountContext context) : IStanzaHandler
{
    private const int MaxCount = 5;

    public async ValueTask HandleAsync(Node stanza, CancellationToken ct)
    {
        var count = stanza.Child("retry")?.LongOf("count") ?? 1;
        await context.Commits.DrainAsync();
        if (count >= MaxCount || await StoredOutgoing.LoadAsync(context.Store, stanza.Required("id"), ct) is not { } entry || !IsForAsker(stanza, entry))
        {
            context.Link.Send(Acks.For(stanza));
            return;
        }

        var device = await EncryptionJidAsync(stanza, ct);
        if (stanza.Child("keys") is { } keys)
        {
            var bundle = Bundles.Parse(keys, Bundles.RegistrationOf(stanza.Child("registration")));
            await AnswerAsync(stanza, entry, device, bundle, count, ct);
        }
        else if (count >= 2 || await NeedsBundleAsync(stanza, device, ct))
        {
            // The bundle comes from the server, so it is asked for outside the loop.
            _ = FetchAndAnswerAsync(stanza, entry, device, count, ct);
        }
        else
        {
            await AnswerAsync(stanza, entry, device, null, count, ct);
        }
    }

    private async Task FetchAndAnswerAsync(Node stanza, StoredOutgoing entry, Jid device, long count, CancellationToken ct)
    {
        try
        {
            var fetched = await context.Bundles.FetchAsync([device], ct);
            await context.Loop.RunAsync(async stop =>
            {
                await AnswerAsync(stanza, entry, device, fetched.GetValueOrDefault(device), count, stop);
                return true;
            }, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            context.Logger.RetryFailed(e, stanza["id"]!);
        }
    }

    private async ValueTask AnswerAsync(Node stanza, StoredOutgoing entry, Jid device, PreKeyBundle? bundle, long count, CancellationToken ct)
    {
        var batch = new StoreBatch();
        var address = SignalAddress.Of(device);
        var record = await context.State.SessionAsync(address, ct);
        var credentials = context.Link.Credentials;
        if (bundle is not null) SessionBuilder.Initiate(record, credentials.Identity, bundle);
        if (!record.HasSession)
        {
            context.Link.Send(Acks.For(stanza));
            return;
        }

        var content = Protobuf.Parse(Message.Parser, entry.Content);
        var plaintext = await WrapAsync(stanza, Jid.Parse(entry.To), device, content, ct);
        var sealedText = SessionCipher.Encrypt(record, credentials.Identity, MessagePadding.Add(plaintext));
        AccountState.SaveSession(address, record, batch);
        var again = MessageStanzas.Again(stanza, sealedText, MessageTraits.Of(content), count, sealedText.Type == "pkmsg" ? credentials.SignedIdentity : null);
        await context.Commits.CommitAsync(batch, () =>
        {
            context.Link.Send(again);
            context.Link.Send(Acks.For(stanza));
        }, ct);
    }

    /// <summary>The message as one device is to get it: in groups and status with our sender key, so that it can open the next one by itself.</summary>
    private async ValueTask<byte[]> WrapAsync(Node stanza, Jid chat, Jid device, Message content, CancellationToken ct)
    {
        if (chat.IsUser) return (context.IsMe(device) ? MessageStanzas.DeviceSent(chat, content) : content).ToByteArray();
        var own = OwnAddressFor(stanza.RequiredJid("participant"), chat);
        if (await context.SenderKeys.FindAsync(chat, own, ct) is not { HasKey: true } key) return content.ToByteArray();
        var wrapped = content.Clone();
        wrapped.SenderKeyDistributionMessage = SenderKeySending.Distribution(chat, key).SenderKeyDistributionMessage;
        return wrapped.ToByteArray();
    }

    /// <summary>Our device by the kind of address the group uses, or, when nothing is known of it, the kind the asking member goes by.</summary>
    private Jid OwnAddressFor(Jid participant, Jid chat)
    {
        var byLid = chat == Jid.Status || (context.Groups.Find(chat)?.IsLidAddressed ?? participant.IsLid);
        return context.Link.Me.Address(byLid);
    }

    /// <summary>Whether the one who asks is in the chat that the message went to: who has left a group gets nothing of it any more.</summary>
    private bool IsForAsker(Node stanza, StoredOutgoing entry)
    {
        var chat = Jid.Parse(entry.To);
        if (chat.IsUser) return true;
        if (stanza.JidOf("participant")?.ToUser() is not { } asker || stanza.RequiredJid("from") != chat) return false;
        return context.Groups.Find(chat) is not { } group || group.Members.Any(member => member.Person.Phone == asker || member.Person.Lid == asker);
    }

    private async ValueTask<bool> NeedsBundleAsync(Node stanza, Jid device, CancellationToken ct)
    {
        var record = await context.State.SessionAsync(SignalAddress.Of(device), ct);
        return !record.HasSession || (stanza.Child("registration") is { } id && Bundles.RegistrationOf(id) != record.RemoteRegistrationId);
    }

    private async ValueTask<Jid> EncryptionJidAsync(Node stanza, CancellationToken ct)
    {
        var device = stanza.JidOf("participant") ?? stanza.RequiredJid("from");
        return device.IsPhone && await context.State.TwinAsync(device, ct) is { } lid ? lid.WithDevice(device.Device) : device;
    }
}
