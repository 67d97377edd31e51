using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.State;
using Google.Protobuf;

namespace Footbridge.Simulator.WhatsApp.Phone;

/// <summary>A phone's sender keys: its own per chat, and those of other devices. Its owner keeps calls apart.</summary>
internal sealed class PhoneSenderKeys(SimAccount account, PhoneSignal signal)
{
    private readonly Dictionary<Jid, (SenderKeyRecord Key, HashSet<SimDevice> Holders)> _own = [];
    private readonly Dictionary<(Jid Chat, SimAccount Account, ushort Device), SenderKeyRecord> _others = [];

    /// <summary>Numbers move on by this much a message; one client in use takes 2.</summary>
    public int Step { get; set; } = 1;

    /// <summary>A message stanza to a group or the status feed, the key for devices that lack it included; a new key when a holder is gone.</summary>
    public Node Seal(Jid chat, Func<SimAccount, Jid> addressOf, IReadOnlyList<SimDevice> devices, Node stanza, Message message)
    {
        if (!_own.TryGetValue(chat, out var own) || !own.Holders.IsSubsetOf(devices)) _own[chat] = own = (SenderKeyRecord.Create(), []);
        var keyMessage = Distribution(chat, own.Key).ToByteArray();
        var parts = new List<Node>();
        foreach (var device in devices.Where(device => device != account.Device(0)))
        {
            var address = addressOf(device.Account).WithDevice(device.Number);
            if (own.Holders.Contains(device) && chat.IsGroup) continue;
            if (own.Holders.Contains(device)) parts.Add(Node.Of("to", [("jid", address)]));
            else if (signal.SealFor(device, address, keyMessage) is { } part)
            {
                own.Holders.Add(device);
                parts.Add(part);
            }
        }

        var sealedText = SenderKeyCipher.Encrypt(own.Key, MessagePadding.Add(message.ToByteArray()));
        for (var skipped = 1; skipped < Step; skipped++) SenderKeyCipher.Encrypt(own.Key, []);
        return stanza.WithChildren(parts.Count == 0 ? null : Node.Of("participants", [.. parts]), Node.OfBytes("enc", [("v", 2), ("type", "skmsg")], sealedText));
    }

    /// <summary>The content of a group's message: its direct parts first, which may bring the key.</summary>
    public Message Open(Node stanza, SimAccount sender)
    {
        var chat = stanza.RequiredJid("from");
        Message? content = null;
        foreach (var enc in stanza.ChildrenOf("enc").OrderBy(enc => enc["type"] == "skmsg"))
        {
            var plaintext = enc["type"] == "skmsg" ? OpenShared(chat, sender, stanza, enc) : signal.Open(stanza, enc);
            content = Protobuf.Parse(Message.Parser, MessagePadding.Remove(plaintext));
            if (content.SenderKeyDistributionMessage is { } given) KeyOf(chat, sender, stanza).Take(given.AxolotlSenderKeyDistributionMessage.Span);
        }

        return content ?? throw new ProtocolException("a group message without content");
    }

    /// <summary>A message with the present key beside it, for a device that could not open it.</summary>
    public byte[] WithKey(Jid chat, byte[] plaintext)
    {
        if (!_own.TryGetValue(chat, out var own)) return plaintext;
        var message = Message.Parser.ParseFrom(plaintext);
        message.SenderKeyDistributionMessage = Distribution(chat, own.Key).SenderKeyDistributionMessage;
        return message.ToByteArray();
    }

    /// <summary>Loses everybody's keys of a chat, as after a restored backup.</summary>
    public void Forget(Jid chat)
    {
        foreach (var key in _others.Keys.Where(key => key.Chat == chat).ToList()) _others.Remove(key);
    }

    private byte[] OpenShared(Jid chat, SimAccount sender, Node stanza, Node enc) =>
        SenderKeyCipher.Decrypt(KeyOf(chat, sender, stanza), enc.ContentBytes ?? throw new ProtocolException("an enc without content"));

    private SenderKeyRecord KeyOf(Jid chat, SimAccount sender, Node stanza)
    {
        var key = (chat, sender, stanza.RequiredJid("participant").Device);
        if (!_others.TryGetValue(key, out var record)) _others[key] = record = new();
        return record;
    }

    private static Message Distribution(Jid chat, SenderKeyRecord key) => new()
    {
        SenderKeyDistributionMessage = new() { GroupId = chat.ToString(), AxolotlSenderKeyDistributionMessage = ByteString.CopyFrom(key.Distribution()) },
    };
}
