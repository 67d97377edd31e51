using Footbridge.Engine.Connection;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace Footbridge.Engine.Messages;

/// <summary>Answers devices that could not decrypt a message of ours: sends it again, to that device alone. Source: docs/protocol/receipts.md.</summary>
internal sealed class RetryAnswerer(
    ILink link, AccountLoop loop, AccountState state, Commits commits, IDeviceStore store, Bundles bundles, ILogger logger) : IStanzaHandler
{
    private const int MaxCount = 5;

    public async ValueTask HandleAsync(Node stanza, CancellationToken ct)
    {
        var count = stanza.Child("retry")?.LongOf("count") ?? 1;
        await commits.DrainAsync();
        if (count >= MaxCount || await StoredOutgoing.LoadAsync(store, stanza.Required("id"), ct) is not { } entry)
        {
            link.Send(Acks.For(stanza));
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
            var fetched = await bundles.FetchAsync([device], ct);
            await loop.RunAsync(async stop =>
            {
                await AnswerAsync(stanza, entry, device, fetched.GetValueOrDefault(device), count, stop);
                return true;
            }, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.RetryFailed(e, stanza["id"]!);
        }
    }

    private async ValueTask AnswerAsync(Node stanza, StoredOutgoing entry, Jid device, PreKeyBundle? bundle, long count, CancellationToken ct)
    {
        var batch = new StoreBatch();
        var address = SignalAddress.Of(device);
        var record = await state.SessionAsync(address, ct);
        if (bundle is not null) SessionBuilder.Initiate(record, link.Credentials.Identity, bundle);
        if (!record.HasSession)
        {
            link.Send(Acks.For(stanza));
            return;
        }

        var content = Protobuf.Parse(Message.Parser, entry.Content);
        var plaintext = IsOwn(device) ? MessageStanzas.DeviceSent(Jid.Parse(entry.To), content).ToByteArray() : entry.Content;
        var sealedText = SessionCipher.Encrypt(record, link.Credentials.Identity, MessagePadding.Add(plaintext));
        AccountState.SaveSession(address, record, batch);
        var again = MessageStanzas.Again(stanza, sealedText, MessageTraits.Of(content), count, sealedText.Type == "pkmsg" ? link.Credentials.SignedIdentity : null);
        await commits.CommitAsync(batch, () =>
        {
            link.Send(again);
            link.Send(Acks.For(stanza));
        }, ct);
    }

    private bool IsOwn(Jid device) => device.IsSameUser(link.Me.Phone) || (link.Me.Lid is { } lid && device.IsSameUser(lid));

    private async ValueTask<bool> NeedsBundleAsync(Node stanza, Jid device, CancellationToken ct)
    {
        var record = await state.SessionAsync(SignalAddress.Of(device), ct);
        return !record.HasSession || (stanza.Child("registration") is { } id && Bundles.RegistrationOf(id) != record.RemoteRegistrationId);
    }

    private async ValueTask<Jid> EncryptionJidAsync(Node stanza, CancellationToken ct)
    {
        var device = stanza.JidOf("participant") ?? stanza.RequiredJid("from");
        return device.IsPhone && await state.TwinAsync(device, ct) is { } lid ? lid.WithDevice(device.Device) : device;
    }
}
