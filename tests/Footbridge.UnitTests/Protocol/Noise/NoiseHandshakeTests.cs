using System.Text.Json;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Noise;
using Footbridge.Protocol.Signal;
using Google.Protobuf;

namespace Footbridge.UnitTests.Protocol.Noise;

public sealed class NoiseHandshakeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private readonly KeyPair _root = Curve25519.GenerateKeyPair();
    private readonly KeyPair _intermediate = Curve25519.GenerateKeyPair();
    private readonly KeyPair _server = Curve25519.GenerateKeyPair();

    [Fact]
    public void The_published_transcript_is_reproduced_byte_for_byte_in_both_roles()
    {
        var vector = Vectors.WhatsApp("noiseXX");
        using var client = new NoiseInitiator(Pair(vector, "clientStatic"), Pair(vector, "clientEphemeral"));
        using var server = new NoiseResponder(Pair(vector, "serverStatic"), Pair(vector, "serverEphemeral"));

        var serverHello = server.Accept(client.ClientHello(), vector.Hex("certChain"));
        Assert.Equal(vector.Hex("serverHello"), serverHello);
        Assert.Equal(vector.Hex("certChain"), client.ServerHello(serverHello));
        var finish = client.ClientFinish(vector.Hex("clientPayloadPlain"));
        var sent = HandshakeMessage.Parser.ParseFrom(finish).ClientFinish;
        Assert.Equal(vector.Hex("clientFinishStatic"), sent.Static.ToByteArray());
        Assert.Equal(vector.Hex("clientFinishPayload"), sent.Payload.ToByteArray());
        Assert.Equal(vector.Hex("clientPayloadPlain"), server.Finish(finish));

        using var fromClient = client.Split();
        using var toClient = server.Split();
        var frame = fromClient.Encrypt(vector.Hex("firstFramePlain"));
        byte[] wire = [.. NoiseIntro.Bytes, .. FrameEncoder.Encode(frame)];
        Assert.Equal(vector.Hex("firstFrameWithIntro"), wire);
        Assert.Equal(vector.Hex("firstFramePlain"), toClient.Decrypt(frame));
        byte[] answer = [1, 2, 3];
        Assert.Equal(answer, fromClient.Decrypt(toClient.Encrypt(answer)));
    }

    [Fact]
    public void The_published_chain_leads_to_its_root_and_to_no_other()
    {
        var vector = Vectors.WhatsApp("noiseXX");
        var server = Pair(vector, "serverStatic").Public;
        NoiseCertificates.Verify(vector.Hex("certChain"), server, [(vector.Hex("rootPub"), 0)], Now);
        AssertRefused("pinned root", () => NoiseCertificates.Verify(vector.Hex("certChain"), server, [Pin(_root)], Now));
    }

    [Fact]
    public void A_client_that_knows_the_servers_key_is_in_after_one_round_trip()
    {
        var client = Curve25519.GenerateKeyPair();
        using var server = new NoiseResponder(_server, Curve25519.GenerateKeyPair());
        var ephemeral = Curve25519.GenerateKeyPair();
        using var state = Resume(client, ephemeral, _server.Public, [7, 8], out var hello);

        var answer = HandshakeMessage.Parser.ParseFrom(server.Accept(hello, [1, 2, 3])).ServerHello;
        Assert.Equal([7, 8], server.ResumedPayload!);
        Assert.Equal(client.Public, server.ClientStatic);
        Assert.False(answer.HasStatic);
        state.MixHash(answer.Ephemeral.Span);
        state.MixKey(ephemeral.Private, answer.Ephemeral.Span);
        state.MixKey(client.Private, answer.Ephemeral.Span);
        Assert.Equal([1, 2, 3], state.DecryptAndHash(answer.Payload.Span));
        AssertTalks(state, server);
    }

    [Fact]
    public void A_client_that_knows_an_old_key_is_led_on_to_the_full_handshake()
    {
        var client = Curve25519.GenerateKeyPair();
        using var server = new NoiseResponder(_server, Curve25519.GenerateKeyPair());
        var ephemeral = Curve25519.GenerateKeyPair();
        using var old = Resume(client, ephemeral, Curve25519.GenerateKeyPair().Public, [7, 8], out var hello);

        var answer = HandshakeMessage.Parser.ParseFrom(server.Accept(hello, [1, 2, 3])).ServerHello;
        Assert.Null(server.ResumedPayload);
        using var state = new NoiseState(NoiseResponder.FallbackName, NoiseIntro.Bytes);
        state.MixHash(ephemeral.Public);
        state.MixHash(answer.Ephemeral.Span);
        state.MixKey(ephemeral.Private, answer.Ephemeral.Span);
        Assert.Equal(_server.Public, state.DecryptAndHash(answer.Static.Span));
        state.MixKey(ephemeral.Private, _server.Public);
        Assert.Equal([1, 2, 3], state.DecryptAndHash(answer.Payload.Span));
        var finish = new HandshakeMessage { ClientFinish = new() { Static = ByteString.CopyFrom(state.EncryptAndHash(client.Public)) } };
        state.MixKey(client.Private, answer.Ephemeral.Span);
        finish.ClientFinish.Payload = ByteString.CopyFrom(state.EncryptAndHash([7, 8]));
        Assert.Equal([7, 8], server.Finish(finish.ToByteArray()));
        Assert.Equal(client.Public, server.ClientStatic);
        AssertTalks(state, server);
    }

    [Fact]
    public void A_chain_that_ends_in_a_pinned_root_is_accepted() => Verify(Chain(_server.Public), [Pin(_root)]);

    [Fact]
    public void A_chain_of_another_root_is_refused() =>
        AssertRefused("pinned root", () => Verify(Chain(_server.Public), [Pin(Curve25519.GenerateKeyPair())]));

    [Fact]
    public void A_chain_for_another_key_is_refused() =>
        AssertRefused("another key", () => Verify(Chain(Curve25519.GenerateKeyPair().Public), [Pin(_root)]));

    [Fact]
    public void An_expired_chain_is_refused() =>
        AssertRefused("not valid now", () => Verify(NoiseCertificates.Create(_root, _intermediate, _server.Public, Now.AddDays(-9), Now.AddDays(-2)), [Pin(_root)]));

    [Fact]
    public void A_leaf_that_the_intermediate_did_not_sign_is_refused()
    {
        var chain = CertChain.Parser.ParseFrom(Chain(_server.Public));
        chain.Leaf.Signature = ByteString.CopyFrom(Curve25519.Sign(Curve25519.GenerateKeyPair().Private, chain.Leaf.Details.ToByteArray()));
        AssertRefused("not signed by the intermediate", () => Verify(chain.ToByteArray(), [Pin(_root)]));
    }

    [Fact]
    public void A_leaf_that_names_another_issuer_is_refused()
    {
        var chain = CertChain.Parser.ParseFrom(Chain(_server.Public));
        var details = CertChain.Types.NoiseCertificate.Types.Details.Parser.ParseFrom(chain.Leaf.Details);
        details.IssuerSerial = 7;
        chain.Leaf.Details = details.ToByteString();
        chain.Leaf.Signature = ByteString.CopyFrom(Curve25519.Sign(_intermediate.Private, details.ToByteArray()));
        AssertRefused("another issuer", () => Verify(chain.ToByteArray(), [Pin(_root)]));
    }

    [Fact]
    public void Hostile_handshake_messages_only_ever_give_a_protocol_error()
    {
        using var honest = new NoiseResponder(_server, Curve25519.GenerateKeyPair());
        var clientKey = Curve25519.GenerateKeyPair();
        var ephemeral = Curve25519.GenerateKeyPair();
        var hello = honest.Accept(new NoiseInitiator(clientKey, ephemeral).ClientHello(), Chain(_server.Public));
        for (var i = 0; i < hello.Length; i++)
        {
            using var cut = new NoiseInitiator(clientKey, ephemeral);
            Assert.Throws<ProtocolException>(() => cut.ServerHello(hello.AsSpan(0, i)));
            using var flipped = new NoiseInitiator(clientKey, ephemeral);
            var bad = hello.ToArray();
            bad[i] ^= 0x55;
            Assert.IsAssignableFrom<ProtocolException>(Record.Exception(() => flipped.ServerHello(bad)));
        }
    }

    [Fact]
    public void A_low_order_ephemeral_key_is_refused()
    {
        using var server = new NoiseResponder(_server, Curve25519.GenerateKeyPair());
        var hello = new HandshakeMessage { ClientHello = new() { Ephemeral = ByteString.CopyFrom(new byte[32]) } }.ToByteArray();
        Assert.IsAssignableFrom<ProtocolException>(Record.Exception(() => server.Accept(hello, [])));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void Frames_come_out_whole_however_the_bytes_arrive(int chunk)
    {
        byte[][] bodies = [[], [1], [.. Enumerable.Repeat((byte)2, 300)], [.. Enumerable.Repeat((byte)3, 70_000)], [4, 4]];
        var stream = bodies.SelectMany(b => FrameEncoder.Encode(b)).ToArray();
        var decoder = new FrameDecoder();
        var read = new List<byte[]>();
        for (var i = 0; i < stream.Length; i += chunk)
        {
            decoder.Append(stream.AsSpan(i, Math.Min(chunk, stream.Length - i)));
            while (decoder.TryRead(out var frame)) read.Add(frame);
        }

        Assert.Equal(bodies, read);
        Assert.Equal(0, decoder.PendingBytes);
    }

    /// <summary>A client's half of the IK pattern up to its hello.</summary>
    private static NoiseState Resume(KeyPair client, KeyPair ephemeral, byte[] serverKey, byte[] payload, out byte[] hello)
    {
        var state = new NoiseState(NoiseResponder.ResumeName, NoiseIntro.Bytes);
        state.MixHash(serverKey);
        state.MixHash(ephemeral.Public);
        state.MixKey(ephemeral.Private, serverKey);
        var message = new HandshakeMessage { ClientHello = new() { Ephemeral = ByteString.CopyFrom(ephemeral.Public), Static = ByteString.CopyFrom(state.EncryptAndHash(client.Public)) } };
        state.MixKey(client.Private, serverKey);
        message.ClientHello.Payload = ByteString.CopyFrom(state.EncryptAndHash(payload));
        hello = message.ToByteArray();
        return state;
    }

    private static void AssertTalks(NoiseState client, NoiseResponder server)
    {
        var (toServer, toClient) = client.Split();
        using var fromClient = new NoiseTransport(toServer, toClient);
        using var fromServer = server.Split();
        Assert.Equal([9], fromServer.Decrypt(fromClient.Encrypt([9])));
        Assert.Equal([10], fromClient.Decrypt(fromServer.Encrypt([10])));
    }

    private static KeyPair Pair(JsonElement vector, string name) => new(vector.GetProperty(name).Hex("priv"), vector.GetProperty(name).Hex("pub"));

    private static (ReadOnlyMemory<byte> Key, uint Serial) Pin(KeyPair root) => (root.Public, 0);

    private static void AssertRefused(string why, Action verify) =>
        Assert.Contains(why, Assert.Throws<ProtocolException>(verify).Message, StringComparison.Ordinal);

    private byte[] Chain(byte[] serverKey) => NoiseCertificates.Create(_root, _intermediate, serverKey, Now.AddDays(-1), Now.AddDays(1));

    private void Verify(byte[] chain, IReadOnlyList<(ReadOnlyMemory<byte> Key, uint Serial)> roots) =>
        NoiseCertificates.Verify(chain, _server.Public, roots, Now);
}
