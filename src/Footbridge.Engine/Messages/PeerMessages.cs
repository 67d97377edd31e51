using Footbridge.Engine.Connection;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Google.Protobuf;

namespace Footbridge.Engine.Messages;

/// <summary>Takes one kind of protocol message that the account's own devices send each other. Inside the loop.</summary>
internal interface IPeerHandler
{
    /// <summary>Adds to the batch what the message changes; true when it was of this handler's kind.</summary>
    /// <exception cref="Protocol.ProtocolException">Something in it cannot be read.</exception>
    ValueTask<bool> HandleAsync(Message.Types.ProtocolMessage message, MessageSource source, StoreBatch batch, CancellationToken ct);
}

/// <summary>How a peer message is to reach the phone.</summary>
/// <param name="PushPriority"><c>high</c> or <c>high_force</c> to wake the phone; null leaves it asleep.</param>
/// <param name="IsPrivacySensitive">As history requests are marked.</param>
internal readonly record struct PeerUrgency(string? PushPriority, bool IsPrivacySensitive = false);

/// <summary>Messages between this device and the account's own phone. Source: docs/protocol/app-state.md.</summary>
internal sealed class PeerMessages(AccountContext context)
{
    private readonly List<IPeerHandler> _handlers = [];

    public void Add(IPeerHandler handler) => _handlers.Add(handler);

    /// <summary>Sends to the phone and returns the message's id when the server has it. Outside the loop.</summary>
    /// <exception cref="NotOnlineException">There is no connection, or it broke before the ack.</exception>
    /// <exception cref="SendFailedException">The phone cannot be reached, or the server refused.</exception>
    public async Task<string> SendAsync(Message.Types.ProtocolMessage protocol, PeerUrgency urgency, CancellationToken ct)
    {
        context.Link.RequireOnline();
        var me = context.Link.Me;
        var phone = (me.Lid ?? me.Phone).WithDevice(0);
        var fetched = await context.Sealer.FetchMissingAsync(context.Loop, [phone], ct);
        var id = MessageIds.Random();
        var content = new Message { ProtocolMessage = protocol }.ToByteArray();
        var leaving = await Leaving.AfterAsync(context.Link, id, _ => context.Loop.RunAsync(async stop =>
        {
            var batch = new StoreBatch();
            if (await context.Sealer.SealAsync(phone, content, fetched, batch, stop) is not { } sealedText) throw new SendFailedException("the account's phone cannot be reached");
            var identity = sealedText.Type == "pkmsg" ? context.Link.Credentials.SignedIdentity : null;
            await context.Commits.CommitAsync(batch, () => context.Link.Send(Stanza(id, me.Phone.ToUser(), sealedText, urgency, identity)), stop);
            return true;
        }, ct), ct);
        var ack = await leaving.Ack;
        return ack["error"] is { } error ? throw new SendFailedException($"WhatsApp refused a message to the phone with error {error}", (int?)ack.LongOf("error")) : id;
    }

    /// <summary>Hands a message of one of the account's own devices to whoever takes its kind; what nobody takes is left.</summary>
    /// <remarks>Only the account itself is heard, and answers to requests only from the phone.</remarks>
    public async ValueTask TakeAsync(Message message, MessageSource source, StoreBatch batch, CancellationToken ct)
    {
        if (!source.IsFromMe || message.ProtocolMessage is not { } protocol) return;
        if (protocol.PeerDataOperationRequestResponseMessage is not null && source.Device.Device != 0) return;
        foreach (var handler in _handlers)
        {
            if (await handler.HandleAsync(protocol, source, batch, ct)) return;
        }
    }

    private static Node Stanza(string id, Jid to, Protocol.Signal.CipherText sealedText, PeerUrgency urgency, byte[]? signedIdentity) => Node.Of("message",
        [("id", id), ("to", to), ("type", "text"), ("category", "peer"), ("push_priority", urgency.PushPriority), ("privacy_sensitive", urgency.IsPrivacySensitive ? "1" : null)],
        Node.Of("meta", [("appdata", "default")]),
        Node.OfBytes("enc", [("v", 2), ("type", sealedText.Type)], sealedText.Bytes),
        signedIdentity is null ? null : Node.OfBytes("device-identity", signedIdentity));
}
