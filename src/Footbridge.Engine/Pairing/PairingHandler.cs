using System.Globalization;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Footbridge.Protocol.Pairing;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Pairing;

/// <summary>Links this device: shows QR codes, checks what the phone signed, keeps it. Source: docs/protocol/pairing-login.md.</summary>
internal sealed class PairingHandler(LiveAccount account, IDeviceStore store, QrRotation rotation, CodePairing code, PasskeyPairing passkey, WaClientOptions options) : IStanzaHandler
{
    /// <summary>An iq of namespace <c>md</c>, inside the loop.</summary>
    public async ValueTask HandleAsync(Node stanza, CancellationToken ct)
    {
        if (stanza.Child("pair-device") is { } device) Show(stanza, device);
        else if (stanza.Child("pair-success") is { } success) await FinishAsync(stanza, success, ct);
        else account.Send(Answer(stanza, "result"));
    }

    private void Show(Node stanza, Node device)
    {
        account.Send(Answer(stanza, "result"));
        code.Forget();
        passkey.Forget();
        var credentials = account.Credentials;
        var clientType = ((int)options.Browser).ToString(CultureInfo.InvariantCulture);
        var codes = device.ChildrenOf("ref").Select(node => new QrText(
            node.ContentText ?? "", credentials.NoiseKey.Public, credentials.Identity.Identity.Public, credentials.AdvSecret, clientType).ToString());
        rotation.Start([.. codes]);
    }

    private async ValueTask FinishAsync(Node stanza, Node success, CancellationToken ct)
    {
        try
        {
            var paired = Accept(success, WithAgreedSecret(success, account.Credentials), out var identity);
            var batch = new StoreBatch();
            paired.Save(batch);
            batch.Put(StateKind.Identity, SignalAddress.Of(paired.Account!.Phone.ToUser()).ToString(), identity.AccountKey);
            if (paired.Account.Lid is { } lid)
            {
                batch.Put(StateKind.Identity, SignalAddress.Of(lid.ToUser()).ToString(), identity.AccountKey);
                batch.Put(StateKind.LidOfPhone, paired.Account.Phone.User, System.Text.Encoding.UTF8.GetBytes(lid.User));
                batch.Put(StateKind.PhoneOfLid, lid.User, System.Text.Encoding.UTF8.GetBytes(paired.Account.Phone.User));
            }

            await store.CommitAsync(batch, ct);
            rotation.Stop();
            account.Replace(paired);
            account.Send(Answer(stanza, "result", Node.Of("pair-device-sign",
                Node.OfBytes("device-identity", [("key-index", identity.KeyIndex)], identity.Reply))));
        }
        catch (AdvException e)
        {
            Refuse(stanza, 401, e.Reason);
        }
        catch (ProtocolException e)
        {
            Refuse(stanza, 500, "internal-error");
            account.End(new(AfterEnd.Stop, DisconnectReason.PairingRefused, e.Message));
        }
    }

    private void Refuse(Node stanza, int code, string text)
    {
        account.Send(Answer(stanza, "error", Node.Of("error", [("code", code), ("text", text)])));
        account.End(new(AfterEnd.Stop, DisconnectReason.PairingRefused, $"the phone's statement about this device is refused: {text}"));
    }

    /// <summary>The phone scanned a QR code, was told the linking code, or agreed on a secret after the passkey; its HMAC says which.</summary>
    private Credentials WithAgreedSecret(Node success, Credentials credentials)
    {
        if (success.Child("device-identity")?.ContentBytes is not { } envelope) return credentials;
        foreach (var agreed in new[] { passkey.AdvSecret, code.AdvSecret })
        {
            if (agreed is not null && AdvIdentity.IsFor(envelope, agreed)) return credentials with { AdvSecret = agreed };
        }

        return credentials;
    }

    private static Credentials Accept(Node success, Credentials credentials, out AdvIdentity identity)
    {
        var device = success.Child("device") ?? throw new ProtocolException("pair-success names no device");
        var jid = device.RequiredJid("jid");
        if (!jid.IsPhone || !ulong.TryParse(jid.User, NumberStyles.None, CultureInfo.InvariantCulture, out _)) throw new ProtocolException("pair-success names no phone number");
        var envelope = success.Child("device-identity")?.ContentBytes ?? throw new ProtocolException("pair-success carries no identity");
        identity = AdvIdentity.VerifyAndSign(envelope, credentials.AdvSecret, credentials.Identity.Identity);
        return credentials with
        {
            Account = new(jid, device.JidOf("lid"), success.Child("biz")?["name"]),
            SignedIdentity = identity.Signed,
            Platform = success.Child("platform")?["name"],
        };
    }

    private static Node Answer(Node iq, string type, Node? child = null) =>
        Node.Of("iq", [("id", iq["id"]), ("type", type), ("to", Jid.Service)], child);
}
