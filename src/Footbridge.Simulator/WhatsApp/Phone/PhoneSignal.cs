using Footbridge.Protocol;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.State;

namespace Footbridge.Simulator.WhatsApp.Phone;

/// <summary>A phone's Signal sessions with other devices. Its owner keeps calls apart.</summary>
internal sealed class PhoneSignal
{
    private const int PreKeyCount = 20;
    private readonly Dictionary<(SimAccount Account, ushort Device), SessionRecord> _sessions = [];
    private readonly Dictionary<uint, KeyPair> _preKeys = [];
    private readonly SimAccount _account;
    private readonly LocalIdentity _me;
    private readonly SignedPreKey _signed;
    private uint _lastPreKey;

    public PhoneSignal(SimAccount account)
    {
        _account = account;
        _me = new(account.Identity, 1234);
        _signed = SignedPreKey.Create(account.Identity, 1);
        account.Device(0)!.SetKeys([0, 0, 4, 210], account.Identity.Public, SignedNode(), MakePreKeys(PreKeyCount));
    }

    /// <summary>A <c>to</c> part for one device, or null when the device has no keys yet.</summary>
    public Node? Seal(SimDevice device, bool byPhone, byte[] plaintext) => SealFor(device, byPhone ? device.Phone : device.Lid, plaintext);

    /// <inheritdoc cref="Seal"/>
    public Node? SealFor(SimDevice device, Jid address, byte[] plaintext)
    {
        if (device.Account == _account && device.Number == 0) return null;
        if (Encrypt(device, plaintext) is not { } sealedText) return null;
        return Node.Of("to", [("jid", address)], Node.OfBytes("enc", [("v", 2), ("type", sealedText.Type)], sealedText.Bytes));
    }

    /// <summary>The padded plaintext of a message stanza.</summary>
    public byte[] Open(Node stanza) => Open(stanza, stanza.Child("enc") ?? throw new ProtocolException("no enc"));

    /// <summary>The padded plaintext of one part of a message stanza.</summary>
    public byte[] Open(Node stanza, Node enc)
    {
        var bytes = enc.ContentBytes ?? throw new ProtocolException("an enc without content");
        var record = SessionOf(stanza);
        if (enc["type"] == "msg") return SessionCipher.Decrypt(record, bytes);
        var opened = SessionCipher.DecryptPreKey(record, _me, bytes, id => id == _signed.Id ? _signed.Key : null, id => _preKeys.GetValueOrDefault(id));
        if (opened.UsedPreKeyId is { } used) _preKeys.Remove(used);
        if (_account.Device(0)!.PreKeyCount < 10) _account.Device(0)!.SetKeys([0, 0, 4, 210], _me.Identity.Public, SignedNode(), MakePreKeys(PreKeyCount));
        return opened.Plaintext;
    }

    /// <summary>A retry receipt with fresh keys.</summary>
    public Node AskAgain(Node stanza)
    {
        var (id, value) = MakePreKeys(1)[0];
        return Node.Of("receipt", [("id", stanza["id"]), ("to", stanza.JidOf("from")), ("type", "retry"), ("participant", stanza.JidOf("participant"))],
            Node.Of("retry", [("count", (stanza.Child("enc")?.LongOf("count") ?? 0) + 1), ("id", stanza["id"]), ("t", stanza["t"]), ("v", 1)]),
            Node.OfBytes("registration", [0, 0, 4, 210]),
            Node.Of("keys",
                Node.OfBytes("type", [SignalKeys.Type]),
                Node.OfBytes("identity", _me.Identity.Public),
                Node.Of("key", Node.OfBytes("id", id), Node.OfBytes("value", value)),
                SignedNode()));
    }

    /// <summary>A message again, for the device that asked, in a new session.</summary>
    public Node Again(Node request, SimDevice device, byte[] plaintext)
    {
        _sessions.Remove((device.Account, device.Number));
        var sealedText = Encrypt(device, plaintext) ?? throw new InvalidOperationException("the device that asks has no keys");
        return Node.Of("message", [("id", request["id"]), ("to", request.JidOf("from")), ("participant", request.JidOf("participant")), ("type", "text")],
            Node.OfBytes("enc", [("v", 2), ("type", sealedText.Type), ("count", request.Child("retry")?["count"])], sealedText.Bytes));
    }

    /// <summary>Loses the sessions with a person's devices, or makes them produce what nobody can open.</summary>
    public void Damage(SimAccount other, bool breaks, ushort firstDevice = 0)
    {
        foreach (var device in other.Devices.Where(d => d.Number >= firstDevice))
        {
            if (!_sessions.Remove((other, device.Number)) || !breaks) continue;
            // A session started from keys the device never had.
            var strange = Curve25519.GenerateKeyPair();
            var signed = SignedPreKey.Create(strange, 77);
            var record = new SessionRecord();
            SessionBuilder.Initiate(record, _me, new(1, strange.Public, 77, signed.Key.Public, signed.Signature, null, null));
            _sessions[(other, device.Number)] = record;
        }
    }

    private CipherText? Encrypt(SimDevice device, byte[] plaintext)
    {
        if (!_sessions.TryGetValue((device.Account, device.Number), out var record)) _sessions[(device.Account, device.Number)] = record = new();
        if (!record.HasSession)
        {
            if (device is not { Identity: { } identity, SignedPreKey: { } signed }) return null;
            var oneTime = device.TakePreKey();
            SessionBuilder.Initiate(record, _me, new(
                1, identity, IdOf(signed.Child("id")!.ContentBytes!), signed.Child("value")!.ContentBytes!, signed.Child("signature")!.ContentBytes!,
                oneTime is { } key ? IdOf(key.Id) : null, oneTime?.Value));
        }

        return SessionCipher.Encrypt(record, _me, MessagePadding.Add(plaintext));
    }

    private SessionRecord SessionOf(Node stanza)
    {
        var from = stanza.JidOf("participant") ?? stanza.RequiredJid("from");
        var account = PeerOf?.Invoke(from) ?? throw new ProtocolException("an unknown sender");
        if (!_sessions.TryGetValue((account, from.Device), out var record)) _sessions[(account, from.Device)] = record = new();
        return record;
    }

    /// <summary>Finds the account of an address.</summary>
    public Func<Jid, SimAccount?>? PeerOf { get; init; }

    private List<(byte[] Id, byte[] Value)> MakePreKeys(int count)
    {
        var made = new List<(byte[], byte[])>(count);
        for (var i = 0; i < count; i++)
        {
            var (id, key) = (++_lastPreKey, Curve25519.GenerateKeyPair());
            _preKeys[id] = key;
            made.Add((IdBytes(id), key.Public));
        }

        return made;
    }

    private Node SignedNode() => Node.Of("skey",
        Node.OfBytes("id", IdBytes(_signed.Id)), Node.OfBytes("value", _signed.Key.Public), Node.OfBytes("signature", _signed.Signature));

    private static byte[] IdBytes(uint id) => [(byte)(id >> 16), (byte)(id >> 8), (byte)id];

    private static uint IdOf(byte[] id) => (uint)(id[0] << 16 | id[1] << 8 | id[2]);
}
