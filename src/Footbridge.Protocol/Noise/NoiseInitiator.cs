using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal;
using Google.Protobuf;

namespace Footbridge.Protocol.Noise;

/// <summary>The client's half of the XX handshake: <see cref="ClientHello"/>, <see cref="ServerHello"/>, <see cref="ClientFinish"/>, <see cref="Split"/>.</summary>
public sealed class NoiseInitiator : IDisposable
{
    internal const string ProtocolName = "Noise_XX_25519_AESGCM_SHA256";
    private readonly NoiseState _state = new(ProtocolName, NoiseIntro.Bytes);
    private readonly KeyPair _static;
    private readonly KeyPair _ephemeral;
    private byte[] _serverEphemeral = [];

    public NoiseInitiator(KeyPair clientStatic, KeyPair ephemeral)
    {
        (_static, _ephemeral) = (clientStatic, ephemeral);
        _state.MixHash(ephemeral.Public);
    }

    /// <summary>The server's static key, known after <see cref="ServerHello"/>; the certificate chain must be for it.</summary>
    public byte[] ServerStatic { get; private set; } = [];

    public byte[] ClientHello() => new HandshakeMessage
    {
        ClientHello = new() { Ephemeral = ByteString.CopyFrom(_ephemeral.Public) },
    }.ToByteArray();

    /// <summary>Takes the server's answer and returns its payload: the certificate chain, yet to be verified.</summary>
    /// <exception cref="ProtocolException">It is malformed or not sealed for this handshake.</exception>
    public byte[] ServerHello(ReadOnlySpan<byte> serverHello)
    {
        var hello = Protobuf.Parse(HandshakeMessage.Parser, serverHello).ServerHello ?? throw new ProtocolException("the server's first frame is no server hello");
        _serverEphemeral = hello.Ephemeral.ToByteArray();
        if (_serverEphemeral.Length != 32) throw new ProtocolException("the server's ephemeral key is not 32 bytes");
        _state.MixHash(_serverEphemeral);
        _state.MixKey(_ephemeral.Private, _serverEphemeral);
        ServerStatic = _state.DecryptAndHash(hello.Static.Span);
        if (ServerStatic.Length != 32) throw new ProtocolException("the server's static key is not 32 bytes");
        _state.MixKey(_ephemeral.Private, ServerStatic);
        return _state.DecryptAndHash(hello.Payload.Span);
    }

    public byte[] ClientFinish(ReadOnlySpan<byte> clientPayload)
    {
        var sealedStatic = _state.EncryptAndHash(_static.Public);
        _state.MixKey(_static.Private, _serverEphemeral);
        var sealedPayload = _state.EncryptAndHash(clientPayload);
        return new HandshakeMessage
        {
            ClientFinish = new() { Static = ByteString.CopyFrom(sealedStatic), Payload = ByteString.CopyFrom(sealedPayload) },
        }.ToByteArray();
    }

    public NoiseTransport Split()
    {
        var (toServer, toClient) = _state.Split();
        return new(toServer, toClient);
    }

    public void Dispose() => _state.Dispose();
}
