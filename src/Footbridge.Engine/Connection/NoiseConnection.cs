using Footbridge.Engine.Pairing;
using Footbridge.Protocol;
using Footbridge.Protocol.Noise;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;
using Google.Protobuf;

namespace Footbridge.Engine.Connection;

/// <summary>An established, encrypted connection that carries nodes.</summary>
internal sealed class NoiseConnection : IAsyncDisposable
{
    private readonly FrameSocket _socket;
    private readonly NoiseTransport _transport;

    private NoiseConnection(FrameSocket socket, NoiseTransport transport) => (_socket, _transport) = (socket, transport);

    /// <summary>Dials, shakes hands and verifies the server's certificates.</summary>
    /// <exception cref="ProtocolException">The server is not who it must be, or breaks the protocol.</exception>
    public static async Task<NoiseConnection> OpenAsync(WaClientOptions options, Credentials credentials, KnownServer known, TimeProvider time, CancellationToken ct)
    {
        var socket = new FrameSocket(options.Proxy);
        try
        {
            await socket.ConnectAsync(options.ChatUrl, ct);
            var transport = await ShakeHandsAsync(socket, options, credentials, known, time, ct);
            return new(socket, transport);
        }
        catch
        {
            await socket.DisposeAsync();
            throw;
        }
    }

    /// <summary>The next node, or null when the server has closed the connection.</summary>
    /// <exception cref="MalformedNodeException">The frame was sealed rightly and holds no node; the connection is still good.</exception>
    /// <exception cref="ProtocolException">The frame is not the server's: the connection is lost.</exception>
    public async ValueTask<Node?> ReceiveAsync(CancellationToken ct)
    {
        if (await _socket.ReceiveAsync(ct) is not { } frame) return null;
        var plaintext = _transport.Decrypt(frame);
        try
        {
            return NodeReader.Decode(plaintext);
        }
        catch (ProtocolException e)
        {
            throw new MalformedNodeException(e);
        }
    }

    public ValueTask SendAsync(Node node, CancellationToken ct) => _socket.SendAsync(FrameEncoder.Encode(_transport.Encrypt(NodeWriter.Encode(node))), ct);

    public async ValueTask DisposeAsync()
    {
        await _socket.DisposeAsync();
        _transport.Dispose();
    }

    private static async Task<NoiseTransport> ShakeHandsAsync(
        FrameSocket socket, WaClientOptions options, Credentials credentials, KnownServer known, TimeProvider time, CancellationToken ct)
    {
        var serverKey = options.ResumesHandshake && credentials.Account is not null ? await known.FindAsync(ct) : null;
        using var handshake = new NoiseInitiator(credentials.NoiseKey, Curve25519.GenerateKeyPair(), serverKey);
        var payload = ClientPayloads.For(credentials, options).ToByteArray();
        byte[] first = [.. NoiseIntro.WithRouting(credentials.RoutingInfo), .. FrameEncoder.Encode(handshake.ClientHello(payload))];
        await socket.SendAsync(first, ct);
        var serverHello = await socket.ReceiveAsync(ct) ?? throw new ProtocolException("the server closed the connection during the handshake");
        var validity = await VerifyAsync(handshake, serverHello, options, serverKey is null ? null : known, time);
        await known.RememberAsync(handshake.ServerStatic, validity, ct);
        if (!handshake.IsResumed) await socket.SendAsync(FrameEncoder.Encode(handshake.ClientFinish(payload)), ct);
        return handshake.Split();
    }

    /// <summary>Checks who the server is. When that fails with a key from before, the key is forgotten: it may be the reason.</summary>
    private static async Task<NoiseValidity> VerifyAsync(NoiseInitiator handshake, byte[] serverHello, WaClientOptions options, KnownServer? used, TimeProvider time)
    {
        try
        {
            var chain = handshake.ServerHello(serverHello);
            var roots = options.NoiseRoots.Select(root => (root.PublicKey, root.Serial)).ToList();
            return NoiseCertificates.Verify(chain, handshake.ServerStatic, roots, time.GetUtcNow());
        }
        catch (ProtocolException) when (used is not null)
        {
            await used.ForgetAsync();
            throw;
        }
    }
}

/// <summary>A frame that holds no node.</summary>
internal sealed class MalformedNodeException(ProtocolException inner) : Exception(inner.Message, inner);
