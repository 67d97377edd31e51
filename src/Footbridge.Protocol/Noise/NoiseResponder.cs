using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal;
using Google.Protobuf;

namespace Footbridge.Protocol.Noise;

/// <summary>The server's half of the handshake: <see cref="Accept"/>, then <see cref="Finish"/> unless the client resumed, then <see cref="Split"/>.</summary>
/// <remarks>A client that knows the server's key may resume (IK); one that knows an old key is led on to the full handshake (XXfallback).</remarks>
public sealed class NoiseResponder(KeyPair serverStatic, KeyPair ephemeral) : IDisposable
{
    internal const string ResumeName = "Noise_IK_25519_AESGCM_SHA256";
    internal const string FallbackName = "Noise_XXfallback_25519_AESGCM_SHA256";
    private NoiseState _state = new(NoiseInitiator.ProtocolName, NoiseIntro.Bytes);

    /// <summary>The client's static key, known once the client's payload is.</summary>
    public byte[] ClientStatic { get; private set; } = [];

    /// <summary>The client payload's bytes when the client resumed; null when <see cref="Finish"/> is to follow.</summary>
    public byte[]? ResumedPayload { get; private set; }

    /// <summary>Takes the client hello and returns the server hello that carries <paramref name="certChain"/>.</summary>
    /// <exception cref="ProtocolException">The client hello is malformed.</exception>
    public byte[] Accept(ReadOnlySpan<byte> clientHello, ReadOnlySpan<byte> certChain, bool mayResume = true)
    {
        var hello = Protobuf.Parse(HandshakeMessage.Parser, clientHello).ClientHello ?? throw new ProtocolException("the client's first frame is no client hello");
        var clientEphemeral = hello.Ephemeral.ToByteArray();
        if (clientEphemeral.Length != 32) throw new ProtocolException("the client's ephemeral key is not 32 bytes");
        if (!hello.HasStatic) return AnswerInFull(clientEphemeral, certChain);
        if (mayResume && TryResume(hello, clientEphemeral)) return AnswerResumed(clientEphemeral, certChain);
        Restart(FallbackName);
        return AnswerInFull(clientEphemeral, certChain);
    }

    /// <summary>Takes the client finish and returns the client payload's bytes.</summary>
    /// <exception cref="ProtocolException">It is malformed or not sealed for this handshake.</exception>
    public byte[] Finish(ReadOnlySpan<byte> clientFinish)
    {
        var finish = Protobuf.Parse(HandshakeMessage.Parser, clientFinish).ClientFinish ?? throw new ProtocolException("the client's second frame is no client finish");
        ClientStatic = OpenStatic(finish.Static.Span);
        _state.MixKey(ephemeral.Private, ClientStatic);
        return _state.DecryptAndHash(finish.Payload.Span);
    }

    public NoiseTransport Split()
    {
        var (toServer, toClient) = _state.Split();
        return new(toClient, toServer);
    }

    public void Dispose() => _state.Dispose();

    private byte[] AnswerInFull(byte[] clientEphemeral, ReadOnlySpan<byte> certChain)
    {
        _state.MixHash(clientEphemeral);
        _state.MixHash(ephemeral.Public);
        _state.MixKey(ephemeral.Private, clientEphemeral);
        var sealedStatic = _state.EncryptAndHash(serverStatic.Public);
        _state.MixKey(serverStatic.Private, clientEphemeral);
        return Hello(sealedStatic, _state.EncryptAndHash(certChain));
    }

    private byte[] AnswerResumed(byte[] clientEphemeral, ReadOnlySpan<byte> certChain)
    {
        _state.MixHash(ephemeral.Public);
        _state.MixKey(ephemeral.Private, clientEphemeral);
        _state.MixKey(ephemeral.Private, ClientStatic);
        return Hello(null, _state.EncryptAndHash(certChain));
    }

    private byte[] Hello(byte[]? sealedStatic, byte[] sealedPayload)
    {
        var hello = new HandshakeMessage.Types.ServerHello { Ephemeral = ByteString.CopyFrom(ephemeral.Public), Payload = ByteString.CopyFrom(sealedPayload) };
        if (sealedStatic is not null) hello.Static = ByteString.CopyFrom(sealedStatic);
        return new HandshakeMessage { ServerHello = hello }.ToByteArray();
    }

    /// <summary>False when the client sealed its hello for another server key.</summary>
    private bool TryResume(HandshakeMessage.Types.ClientHello hello, byte[] clientEphemeral)
    {
        Restart(ResumeName);
        _state.MixHash(serverStatic.Public);
        _state.MixHash(clientEphemeral);
        _state.MixKey(serverStatic.Private, clientEphemeral);
        try
        {
            ClientStatic = OpenStatic(hello.Static.Span);
            _state.MixKey(serverStatic.Private, ClientStatic);
            ResumedPayload = _state.DecryptAndHash(hello.Payload.Span);
            return true;
        }
        catch (ProtocolException)
        {
            return false;
        }
    }

    private byte[] OpenStatic(ReadOnlySpan<byte> sealedStatic)
    {
        var clientStatic = _state.DecryptAndHash(sealedStatic);
        return clientStatic.Length == 32 ? clientStatic : throw new ProtocolException("the client's static key is not 32 bytes");
    }

    private void Restart(string protocolName)
    {
        _state.Dispose();
        _state = new(protocolName, NoiseIntro.Bytes);
    }
}
