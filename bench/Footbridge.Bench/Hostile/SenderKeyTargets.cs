using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal;
using Google.Protobuf;

namespace Footbridge.Bench.Hostile;

/// <summary>Group messages and sender keys from a member who signs whatever he likes.</summary>
internal sealed class SenderKeyTargets
{
    private readonly SenderKeyRecord _sender = SenderKeyRecord.Create();
    private readonly byte[] _distribution;
    private readonly byte[] _receiver;

    public SenderKeyTargets()
    {
        _distribution = _sender.Distribution();
        var receiver = new SenderKeyRecord();
        receiver.Take(_distribution);
        _receiver = receiver.Serialize();
    }

    public IEnumerable<HostileTarget> Create(int seed)
    {
        var message = SenderKeyCipher.Encrypt(SenderKeyRecord.Parse(_sender.Serialize()), new byte[40]);
        yield return new("group message", new(seed, [message], Forge), input => SenderKeyCipher.Decrypt(SenderKeyRecord.Parse(_receiver), input));
        yield return new("sender key distribution", new(seed, [_distribution], ForgeDistribution), Take);
    }

    private object Take(byte[] input)
    {
        var record = SenderKeyRecord.Parse(_receiver);
        record.Take(input);
        return record.Serialize();
    }

    /// <summary>Rightly signed, with any ciphertext and any number, now and then as far ahead as is allowed.</summary>
    private byte[] Forge(Random random)
    {
        var key = _sender.Newest!;
        var ciphertext = new byte[random.Next(4) == 0 ? 0 : random.Next(100)];
        random.NextBytes(ciphertext);
        var iteration = random.Next(200) switch { 0 => (uint)random.Next(SenderKeyCipher.MaxAhead + 2), 1 => uint.MaxValue, _ => (uint)random.Next(3) };
        var body = new SenderKeyMessage { Id = random.Next(9) == 0 ? 0 : key.Id, Iteration = iteration, Ciphertext = ByteString.CopyFrom(ciphertext) };
        byte[] versioned = [SessionCipher.Version, .. body.ToByteArray()];
        return [.. versioned, .. Curve25519.Sign(key.SigningPrivate.Span, versioned)];
    }

    /// <summary>Keys of any length and of low order.</summary>
    private byte[] ForgeDistribution(Random random)
    {
        var parsed = SenderKeyDistribution.Parser.ParseFrom(_distribution.AsSpan(1));
        var part = new byte[random.Next(3) switch { 0 => 32, 1 => 33, _ => random.Next(70) }];
        if (random.Next(3) != 0) random.NextBytes(part);
        if (part.Length == 33) part[0] = SignalKeys.Type;
        if (random.Next(2) == 0) parsed.ChainKey = ByteString.CopyFrom(part);
        else parsed.SigningKey = ByteString.CopyFrom(part);
        return [SessionCipher.Version, .. parsed.ToByteArray()];
    }
}
