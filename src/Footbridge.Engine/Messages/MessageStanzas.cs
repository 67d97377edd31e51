using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Messages;

/// <summary>Outgoing message stanzas. Source: docs/protocol/messages.md.</summary>
internal static class MessageStanzas
{
    public static Node Direct(string id, Jid to, Jid? phone, MessageTraits traits, IReadOnlyList<Node> parts, byte[]? signedIdentity, params ReadOnlySpan<Node?> tokens) => Node.Of("message",
        [("id", id), ("to", to), ("type", traits.Type), ("edit", traits.Edit), ("peer_recipient_pn", to.IsLid ? phone : null)],
        [Node.Of("participants", [.. parts]), .. Tail(traits, signedIdentity), .. tokens]);

    /// <summary>What follows the encrypted parts of a message, whoever it is for.</summary>
    /// <param name="signedIdentity">Null unless a part starts a session.</param>
    public static Node?[] Tail(MessageTraits traits, byte[]? signedIdentity) =>
        [signedIdentity is null ? null : Node.OfBytes("device-identity", signedIdentity), traits.Meta, traits.Business];

    public static Node To(Jid device, CipherText sealedText, MessageTraits traits) => Node.Of("to", [("jid", device)], Enc(sealedText, null, traits));

    /// <summary>The answer to a retry request: one message again, for one device.</summary>
    public static Node Again(Node request, CipherText sealedText, MessageTraits traits, long count, byte[]? signedIdentity) => Node.Of("message",
        [("id", request["id"]), ("to", request["from"]), ("type", traits.Type), ("edit", traits.Edit), ("t", request.Child("retry")?["t"]),
            ("device_fanout", request.JidOf("participant") is null ? "false" : null),
            ("participant", request["participant"]), ("recipient", request["recipient"])],
        Enc(sealedText, count, traits),
        signedIdentity is null ? null : Node.OfBytes("device-identity", signedIdentity));

    /// <summary>The wrapper for the account's own other devices.</summary>
    public static Message DeviceSent(Jid chat, Message content) => new()
    {
        DeviceSentMessage = new() { DestinationJid = chat.ToString(), Message = content },
        MessageContextInfo = content.MessageContextInfo,
    };

    internal static Node Enc(CipherText sealedText, long? count, MessageTraits traits) => Node.OfBytes("enc",
        [("v", 2), ("type", sealedText.Type), ("mediatype", traits.MediaType), ("decrypt-fail", traits.HidesFailure ? "hide" : null), ("count", count)], sealedText.Bytes);
}
