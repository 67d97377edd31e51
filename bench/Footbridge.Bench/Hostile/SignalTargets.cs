using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal;
using Google.Protobuf;

namespace Footbridge.Bench.Hostile;

/// <summary>Encrypted messages, from strangers who only know the bundle and from a peer who holds the session's keys.</summary>
internal sealed class SignalTargets
{
    private readonly LocalIdentity _alice = new(Curve25519.GenerateKeyPair(), 1);
    private readonly LocalIdentity _bob = new(Curve25519.GenerateKeyPair(), 2);
    private readonly KeyPair _oneTime = Curve25519.GenerateKeyPair();
    private readonly SignedPreKey _signed;
    private readonly SessionRecord _sender = new();
    private readonly SessionRecord _receiver = new();
    private readonly byte[] _preKeyMessage;
    private readonly byte[] _stored;

    public SignalTargets()
    {
        _signed = SignedPreKey.Create(_bob.Identity, 1);
        Start();
        _preKeyMessage = SessionCipher.Encrypt(_sender, _alice, new byte[40]).Bytes;
        // Two sessions, so that a message that fits neither is tried in both.
        for (var i = 0; i < 2; i++)
        {
            Start();
            Open(_receiver, SessionCipher.Encrypt(_sender, _alice, [1]).Bytes);
        }

        SessionCipher.Decrypt(_sender, SessionCipher.Encrypt(_receiver, _bob, [2]).Bytes);
        _stored = _receiver.Serialize();
    }

    public IEnumerable<HostileTarget> Create(int seed)
    {
        var message = SessionCipher.Encrypt(SessionRecord.Parse(_sender.Serialize()), _alice, new byte[40]).Bytes;
        yield return new("signal message", new(seed, [message], Forge), input => SessionCipher.Decrypt(SessionRecord.Parse(_stored), input));
        yield return new("signal prekey message", new(seed, [_preKeyMessage], ForgePreKey), input => Open(new(), input));
    }

    private void Start() => SessionBuilder.Initiate(_sender, _alice, new(2, _bob.Identity.Public, 1, _signed.Key.Public, _signed.Signature, 5, _oneTime.Public));

    private byte[] Open(SessionRecord record, byte[] input) =>
        SessionCipher.DecryptPreKey(record, _bob, input, id => id == 1 ? _signed.Key : null, id => id == 5 ? _oneTime : null).Plaintext;

    /// <summary>A message with a right MAC whose ciphertext or counter is not what an honest client would send.</summary>
    private byte[] Forge(Random random)
    {
        var session = _sender.Current!;
        var chainKey = session.SendingChainKey.ToByteArray();
        var ahead = random.Next(50) == 0 ? random.Next(SessionCipher.MaxSkipped + 2) : random.Next(3);
        for (var i = 0; i < ahead; i++) Ratchet.NextSeed(chainKey);
        var keys = new MessageKeys(Ratchet.NextSeed(chainKey));
        var ciphertext = new byte[random.Next(4) == 0 ? 0 : random.Next(100)];
        random.NextBytes(ciphertext);
        var body = new SignalMessage
        {
            RatchetKey = ByteString.CopyFrom(SignalKeys.WithType(session.RatchetPublic.Span)),
            Counter = session.SendingCounter + (uint)ahead,
            PreviousCounter = (uint)random.Next(),
            Ciphertext = ByteString.CopyFrom(ciphertext),
        }.ToByteArray();
        byte[] versioned = [SessionCipher.Version, .. body];
        return [.. versioned, .. keys.Mac(session.LocalIdentity.Span, session.RemoteIdentity.Span, versioned)];
    }

    /// <summary>Keys of any length and of low order, ids that are gone, an inner message of any bytes.</summary>
    private byte[] ForgePreKey(Random random)
    {
        var parsed = PreKeySignalMessage.Parser.ParseFrom(_preKeyMessage.AsSpan(1));
        var part = new byte[random.Next(3) switch { 0 => 32, 1 => 33, _ => random.Next(70) }];
        if (random.Next(3) != 0) random.NextBytes(part);
        if (part.Length == 33) part[0] = SignalKeys.Type;
        switch (random.Next(4))
        {
            case 0: parsed.BaseKey = ByteString.CopyFrom(part); break;
            case 1: parsed.IdentityKey = ByteString.CopyFrom(part); break;
            case 2: parsed.Message = ByteString.CopyFrom(part); break;
            default: (parsed.PreKeyId, parsed.SignedPreKeyId) = ((uint)random.Next(4, 7), (uint)random.Next(3)); break;
        }

        return [SessionCipher.Version, .. parsed.ToByteArray()];
    }
}
