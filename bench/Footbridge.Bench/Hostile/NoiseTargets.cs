using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Noise;
using Footbridge.Protocol.Signal;
using Google.Protobuf;

namespace Footbridge.Bench.Hostile;

/// <summary>Everything a server can send before and below the nodes: the byte stream, the handshake, the certificates, sealed frames.</summary>
internal sealed class NoiseTargets
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private readonly KeyPair _root = Curve25519.GenerateKeyPair();
    private readonly KeyPair _intermediate = Curve25519.GenerateKeyPair();
    private readonly KeyPair _server = Curve25519.GenerateKeyPair();
    private readonly KeyPair _client = Curve25519.GenerateKeyPair();
    private readonly KeyPair _clientEphemeral = Curve25519.GenerateKeyPair();
    private readonly KeyPair _serverEphemeral = Curve25519.GenerateKeyPair();

    public IEnumerable<HostileTarget> Create(int seed)
    {
        yield return new("frame decoder", new(seed, Streams(), LongFrame), Decode);
        yield return new("server hello", new(seed, [ServerHello(Chain())], NestedHello), OpenHello);
        yield return new("certificate chain", new(seed, [Chain(), Chain()], ForgedChain), VerifyChain);
        yield return new("sealed frames", new(seed, [Sealed()], random => new byte[random.Next(100)]), OpenFrame);
    }

    private static byte[][] Streams() => [[.. FrameEncoder.Encode([1, 2, 3]), .. FrameEncoder.Encode([]), .. FrameEncoder.Encode(new byte[300])], FrameEncoder.Encode(new byte[5000])];

    private static byte[] LongFrame(Random random) => [0xFF, 0xFF, (byte)random.Next(256), .. new byte[random.Next(100_000)]];

    private static object Decode(byte[] input)
    {
        var decoder = new FrameDecoder();
        var chunk = input.Length == 0 ? 1 : input[^1] * 16 + 1;
        var (read, frames) = (0, 0);
        for (var i = 0; i < input.Length; i += chunk)
        {
            decoder.Append(input.AsSpan(i, Math.Min(chunk, input.Length - i)));
            while (decoder.TryRead(out var frame)) (read, frames) = (read + frame.Length + FrameEncoder.HeaderBytes, frames + 1);
        }

        return read + decoder.PendingBytes == input.Length ? frames : throw new InvalidOperationException("bytes were lost between frames");
    }

    private byte[] Chain() => NoiseCertificates.Create(_root, _intermediate, _server.Public, Now.AddDays(-1), Now.AddDays(1));

    private byte[] ServerHello(byte[] payload)
    {
        using var client = new NoiseInitiator(_client, _clientEphemeral);
        using var server = new NoiseResponder(_server, _serverEphemeral);
        return server.Accept(client.ClientHello(), payload);
    }

    /// <summary>A rightly sealed hello with any payload, or a hello whose parts have any length.</summary>
    private byte[] NestedHello(Random random)
    {
        var part = new byte[random.Next(80)];
        random.NextBytes(part);
        if (random.Next(2) == 0) return ServerHello(part);
        var bytes = ByteString.CopyFrom(part);
        return new HandshakeMessage { ServerHello = new() { Ephemeral = random.Next(2) == 0 ? bytes : ByteString.CopyFrom(_serverEphemeral.Public), Static = bytes, Payload = bytes } }.ToByteArray();
    }

    private byte[] OpenHello(byte[] input)
    {
        using var client = new NoiseInitiator(_client, _clientEphemeral);
        return client.ServerHello(input);
    }

    /// <summary>Details that the root really signed, with parts of any length and value.</summary>
    private byte[] ForgedChain(Random random)
    {
        var chain = CertChain.Parser.ParseFrom(Chain());
        var details = CertChain.Types.NoiseCertificate.Types.Details.Parser.ParseFrom(chain.Intermediate.Details);
        var key = new byte[random.Next(2) == 0 ? 32 : random.Next(70)];
        random.NextBytes(key);
        details.Key = ByteString.CopyFrom(key);
        (details.NotBefore, details.NotAfter) = ((ulong)random.NextInt64(), (ulong)random.NextInt64(long.MinValue, long.MaxValue));
        chain.Intermediate.Details = details.ToByteString();
        chain.Intermediate.Signature = ByteString.CopyFrom(Curve25519.Sign(_root.Private, details.ToByteArray()));
        return chain.ToByteArray();
    }

    private object VerifyChain(byte[] input)
    {
        NoiseCertificates.Verify(input, _server.Public, [(_root.Public, 0)], Now);
        return input;
    }

    private byte[] Sealed()
    {
        using var server = new NoiseResponder(_server, _serverEphemeral);
        using var transport = server.Split();
        return transport.Encrypt([0, 248, 1, 20]);
    }

    private object OpenFrame(byte[] input)
    {
        // Before any key is mixed in both halves have the same keys: no agreement to compute for each of a million frames.
        using var client = new NoiseInitiator(_client, _clientEphemeral);
        using var transport = client.Split();
        return transport.Decrypt(input);
    }
}
