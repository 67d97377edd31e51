using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal;
using Google.Protobuf;

namespace Footbridge.Protocol.Noise;

/// <summary>The client's half of the handshake: <see cref="ClientHello"/>, <see cref="ServerHello"/>, <see cref="ClientFinish"/> unless resumed, <see cref="Split"/>.</summary>
/// <remarks>
/// With the server's key of an earlier connection it resumes (IK) and saves a round trip; a server that does not take that leads it on to the
/// full handshake (XXfallback), with the same ephemeral key. Source: docs/protocol/noise.md.
/// </remarks>
public sealed class NoiseInitiator : IDisposable
{
    internal const string ProtocolName = "Noise_XX_25519_AESGCM_SHA256";
    private readonly KeyPair _static;
    private readonly KeyPair _ephemeral;
    private readonly byte[]? _knownServer;
    private NoiseState _state;
    private byte[] _serverEphemeral = [];

    /// <param name="clientStatic">The account's noise key.</param>
    /// <param name="ephemeral">Made for this handshake alone.</param>
    /// <param name="knownServer">The server's static key, verified in an earlier handshake; null for the full handshake.</param>
    public NoiseInitiator(KeyPair clientStatic, KeyPair ephemeral, byte[]? knownServer = null)
    {
        (_static, _ephemeral, _knownServer) = (clientStatic, ephemeral, knownServer);
        _state = new(knownServer is null ? ProtocolName : NoiseResponder.ResumeName, NoiseIntro.Bytes);
        if (knownServer is not null) _state.MixHash(knownServer);
        _state.MixHash(ephemeral.Public);
    }

    /// <summary>The server's static key, known after <see cref="ServerHello"/>; the certificate chain must be for it.</summary>
    public byte[] ServerStatic { get; private set; } = [];

    /// <summary>Whether the server took the client payload with the hello: then there is no <see cref="ClientFinish"/>.</summary>
    public bool IsResumed { get; private set; }

    /// <summary>The first message. The client payload goes with it when the server's key is known, sealed for that key.</summary>
    public byte[] ClientHello(ReadOnlySpan<byte> clientPayload = default)
    {
        var hello = new HandshakeMessage.Types.ClientHello { Ephemeral = ByteString.CopyFrom(_ephemeral.Public) };
        if (_knownServer is not null)
        {
            _state.MixKey(_ephemeral.Private, _knownServer);
            hello.Static = ByteString.CopyFrom(_state.EncryptAndHash(_static.Public));
            _state.MixKey(_static.Private, _knownServer);
            hello.Payload = ByteString.CopyFrom(_state.EncryptAndHash(clientPayload));
        }

        return new HandshakeMessage { ClientHello = hello }.ToByteArray();
    }

    /// <summary>Takes the server's answer and returns its payload: the certificate chain, yet to be verified.</summary>
    /// <exception cref="ProtocolException">It is malformed or not sealed for this handshake.</exception>
    public byte[] ServerHello(ReadOnlySpan<byte> serverHello)
    {
        var hello = Protobuf.Parse(HandshakeMessage.Parser, serverHello).ServerHello ?? throw new ProtocolException("the server's first frame is no server hello");
        _serverEphemeral = hello.Ephemeral.ToByteArray();
        if (_serverEphemeral.Length != 32) throw new ProtocolException("the server's ephemeral key is not 32 bytes");
        if (_knownServer is not null && !hello.HasStatic) return TakeResumed(_knownServer, hello);
        if (_knownServer is not null) FallBack();
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

    private byte[] TakeResumed(byte[] knownServer, HandshakeMessage.Types.ServerHello hello)
    {
        _state.MixHash(_serverEphemeral);
        _state.MixKey(_ephemeral.Private, _serverEphemeral);
        _state.MixKey(_static.Private, _serverEphemeral);
        (ServerStatic, IsResumed) = (knownServer, true);
        return _state.DecryptAndHash(hello.Payload.Span);
    }

    private void FallBack()
    {
        _state.Dispose();
        _state = new(NoiseResponder.FallbackName, NoiseIntro.Bytes);
        _state.MixHash(_ephemeral.Public);
    }
}
