using Footbridge.Engine.Connection;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;
using Google.Protobuf;
using Message = Footbridge.Protocol.Generated.Message;

namespace Footbridge.Engine.Messages;

/// <summary>How urgently the phone is to be woken for a message of its linked device.</summary>
internal enum PeerPriority
{
    /// <summary>Keys of the app state.</summary>
    High,

    /// <summary>History on demand: the user is waiting, and the push must not show what for.</summary>
    HighPrivate,
}

/// <summary>Messages to the account's own phone that no person sees. Outside the loop. Source: docs/protocol/messages.md.</summary>
internal sealed class PeerMessages(AccountContext context)
{
    /// <summary>Sends and waits for the server's ack; returns the message's id, which the phone's answer names.</summary>
    /// <exception cref="NotOnlineException">There is no connection, or it broke before the ack.</exception>
    /// <exception cref="SendFailedException">There is no way to encrypt for the phone, or WhatsApp refused the message.</exception>
    public async Task<string> SendAsync(Message.Types.ProtocolMessage content, PeerPriority priority, CancellationToken ct)
    {
        context.Link.RequireOnline();
        var id = MessageIds.Random();
        var me = context.Link.Me;
        var phone = (me.Lid ?? me.Phone).WithDevice(0);
        var fetched = await context.Sealer.FetchMissingAsync(context.Loop, [phone], ct);
        var plaintext = new Message { ProtocolMessage = content }.ToByteArray();
        var leaving = await Leaving.AfterAsync(
            context.Link.WaitAckAsync(id, ct),
            () => context.Loop.RunAsync(stop => SealAsync(id, phone, plaintext, priority, fetched, stop), ct));
        var ack = await leaving.Ack;
        if (ack["error"] is { } error) throw new SendFailedException($"WhatsApp refused the message to the phone with error {error}", (int)(ack.LongOf("error") ?? 0));
        return id;
    }

    private async ValueTask<bool> SealAsync(string id, Jid phone, byte[] plaintext, PeerPriority priority, Dictionary<Jid, PreKeyBundle> fetched, CancellationToken ct)
    {
        var batch = new StoreBatch();
        var sealedText = await context.Sealer.SealAsync(phone, plaintext, fetched, batch, ct) ?? throw new SendFailedException("the account's phone cannot be reached");
        var identity = sealedText.Type == "pkmsg" ? context.Link.Credentials.SignedIdentity : null;
        var stanza = Stanza(id, context.Link.Me.Phone.ToUser(), priority, sealedText, identity);
        await context.Commits.CommitAsync(batch, () => context.Link.Send(stanza), ct);
        return true;
    }

    private static Node Stanza(string id, Jid to, PeerPriority priority, CipherText sealedText, byte[]? signedIdentity) => Node.Of("message",
        [
            ("id", id), ("to", to), ("type", "text"), ("category", "peer"),
            ("push_priority", priority == PeerPriority.High ? "high" : "high_force"), ("privacy_sensitive", priority == PeerPriority.High ? null : "1"),
        ],
        Node.Of("meta", [("appdata", "default")]),
        Node.OfBytes("enc", [("v", 2), ("type", sealedText.Type)], sealedText.Bytes),
        signedIdentity is null ? null : Node.OfBytes("device-identity", signedIdentity));
}
