using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal;
using Google.Protobuf;

namespace Footbridge.Protocol.Noise;

/// <summary>The server's half of the XX handshake: <see cref="Accept"/>, <see cref="Finish"/>, <see cref="Split"/>.</summary>
public sealed class NoiseResponder(KeyPair serverStatic, KeyPair ephemeral) : IDisposable
{
    private readonly NoiseState _state = new(NoiseInitiator.ProtocolName, NoiseIntro.Bytes);

    /// <summary>The client's static key, known after <see cref="Finish"/>.</summary>
    public byte[] ClientStatic { get; private set; } = [];

    /// <summary>Takes the client hello and returns the server hello that carries <paramref name="certChain"/>.</summary>
    /// <exception cref="ProtocolException">The client hello is malformed.</exception>
    public byte[] Accept(ReadOnlySpan<byte> clientHello, ReadOnlySpan<byte> certChain)
    {
        var hello = Protobuf.Parse(HandshakeMessage.Parser, clientHello).ClientHello ?? throw new ProtocolException("the client's first frame is no client hello");
        var clientEphemeral = hello.Ephemeral.ToByteArray();
        if (clientEphemeral.Length != 32) throw new ProtocolException("the client's ephemeral key is not 32 bytes");
        _state.MixHash(clientEphemeral);
        _state.MixHash(ephemeral.Public);
        _state.MixKey(ephemeral.Private, clientEphemeral);
        var sealedStatic = _state.EncryptAndHash(serverStatic.Public);
        _state.MixKey(serverStatic.Private, clientEphemeral);
        var sealedPayload = _state.EncryptAndHash(certChain);
        return new HandshakeMessage
        {
            ServerHello = new()
            {
                Ephemeral = ByteString.CopyFrom(ephemeral.Public),
                Static = ByteString.CopyFrom(sealedStatic),
                Payload = ByteString.CopyFrom(sealedPayload),
            },
        }.ToByteArray();
    }

    /// <summary>Takes the client finish and returns the client payload's bytes.</summary>
    /// <exception cref="ProtocolException">It is malformed or not sealed for this handshake.</exception>
    public byte[] Finish(ReadOnlySpan<byte> clientFinish)
    {
        var finish = Protobuf.Parse(HandshakeMessage.Parser, clientFinish).ClientFinish ?? throw new ProtocolException("the client's second frame is no client finish");
        ClientStatic = _state.DecryptAndHash(finish.Static.Span);
        if (ClientStatic.Length != 32) throw new ProtocolException("the client's static key is not 32 bytes");
        _state.MixKey(ephemeral.Private, ClientStatic);
        return _state.DecryptAndHash(finish.Payload.Span);
    }

    public NoiseTransport Split()
    {
        var (toServer, toClient) = _state.Split();
        return new(toClient, toServer);
    }

    public void Dispose() => _state.Dispose();
}
