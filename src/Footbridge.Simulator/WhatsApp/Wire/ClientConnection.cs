using System.Net.WebSockets;
using System.Threading.Channels;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Noise;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.State;

namespace Footbridge.Simulator.WhatsApp.Wire;

/// <summary>A client's socket, from the handshake to its end.</summary>
internal sealed class ClientConnection(WebSocket socket, ServerKeys keys, Faults faults, Recorder recorder, TimeProvider time) : IDeviceEndpoint
{
    private const int BufferBytes = 16 * 1024;
    private readonly FrameDecoder _frames = new();
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly Channel<Node> _outbound = Channel.CreateUnbounded<Node>(new() { SingleReader = true });
    private readonly CancellationTokenSource _closed = new();
    private NoiseTransport? _transport;
    private bool _introRead;

    /// <summary>Whose connection this is, once logged in.</summary>
    public SimDevice? Device { get; set; }

    /// <summary>The device that is being paired on this connection.</summary>
    public SimDevice? Pairing { get; set; }

    public Handshake Handshake { get; private set; }

    /// <summary>The routing bytes in front of the intro; empty without.</summary>
    public byte[] Routing { get; private set; } = [];

    public byte[] ClientStatic { get; private set; } = [];

    public ClientPayload Payload { get; private set; } = new();

    /// <summary>The handshake, in the server's role.</summary>
    public async Task ShakeHandsAsync(TimeSpan firstFrameDelay, CancellationToken ct)
    {
        using var noise = new NoiseResponder(keys.Static, Curve25519.GenerateKeyPair());
        var hello = await ReceiveFrameAsync(ct) ?? throw new ProtocolException("closed before the client hello");
        var answer = noise.Accept(hello, keys.Chain(time.GetUtcNow(), faults.PresentsWrongRoot), mayResume: !faults.RefusesResume);
        if (faults.BreaksResume && noise.ResumedPayload is not null) answer[^1] ^= 1;
        await SendRawAsync(FrameEncoder.Encode(answer), ct);
        var payload = noise.ResumedPayload ?? noise.Finish(await ReceiveFrameAsync(ct) ?? throw new ProtocolException("closed before the client finish"));
        var triedToResume = Protobuf.Parse(HandshakeMessage.Parser, hello).ClientHello.HasStatic;
        Handshake = noise.ResumedPayload is not null ? Handshake.Resumed : triedToResume ? Handshake.FellBack : Handshake.Full;
        Payload = Protobuf.Parse(ClientPayload.Parser, payload);
        ClientStatic = noise.ClientStatic;
        _transport = noise.Split();
        if (firstFrameDelay > TimeSpan.Zero) await Task.Delay(firstFrameDelay, time, ct);
    }

    /// <summary>Reads stanzas until the socket ends.</summary>
    public async Task RunAsync(Func<Node, Task> handle, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _closed.Token);
        var writing = WriteAsync(either.Token);
        try
        {
            while (await ReceiveFrameAsync(either.Token) is { } frame)
            {
                if (faults.IsHalfOpen) continue;
                var node = NodeReader.Decode(_transport!.Decrypt(frame));
                recorder.Add(Device?.Phone, isFromClient: true, node);
                await ApplyAsync(node, faults.FromClient?.Invoke(Device?.Phone, node), handle, either.Token);
            }
        }
        finally
        {
            await _closed.CancelAsync();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _transport?.Dispose();
        }
    }

    public void Deliver(Node stanza) => _outbound.Writer.TryWrite(stanza);

    /// <summary>Closes after what has been delivered so far.</summary>
    public void CloseAfterSending() => _outbound.Writer.TryComplete();

    public void Kill()
    {
        _closed.Cancel();
        socket.Abort();
    }

    private async Task ApplyAsync(Node node, Fault? fault, Func<Node, Task> handle, CancellationToken ct)
    {
        switch (fault)
        {
            case Fault.Drop:
                return;
            case Fault.KillSocket:
                Kill();
                return;
            case Fault.Error error:
                Deliver(Node.Of("iq", [("id", node["id"]), ("type", "error"), ("from", Jid.Service)], Node.Of("error", [("code", error.Code), ("text", error.Text)])));
                return;
            case Fault.Delay delay:
                await Task.Delay(delay.By, time, ct);
                break;
            case Fault.Duplicate:
                await handle(node);
                break;
        }

        await handle(node);
    }

    private async Task WriteAsync(CancellationToken ct)
    {
        await foreach (var node in _outbound.Reader.ReadAllAsync(ct))
        {
            if (faults.IsHalfOpen) continue;
            recorder.Add(Device?.Phone, isFromClient: false, node);
            await SendAsync(node, faults.ToClient?.Invoke(Device?.Phone, node), ct);
        }

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, ct);
    }

    private async Task SendAsync(Node node, Fault? fault, CancellationToken ct)
    {
        var plaintext = NodeWriter.Encode(node);
        switch (fault)
        {
            case Fault.Drop:
                return;
            case Fault.KillSocket:
                Kill();
                return;
            case Fault.Delay delay:
                await Task.Delay(delay.By, time, ct);
                break;
            case Fault.Duplicate:
                await SendRawAsync(FrameEncoder.Encode(_transport!.Encrypt(plaintext)), ct);
                break;
            case Fault.Malformed:
                await SendRawAsync(FrameEncoder.Encode(_transport!.Encrypt([0, 0xF0])), ct);
                return;
        }

        var frame = FrameEncoder.Encode(_transport!.Encrypt(plaintext));
        if (fault is Fault.Corrupt) frame[^1] ^= 1;
        await SendRawAsync(frame, ct);
    }

    private async Task SendRawAsync(byte[] bytes, CancellationToken ct)
    {
        var size = faults.SendsSingleBytes ? 1 : bytes.Length;
        for (var start = 0; start < bytes.Length; start += size)
        {
            await socket.SendAsync(bytes.AsMemory(start, size), WebSocketMessageType.Binary, endOfMessage: true, ct);
        }
    }

    private async Task<byte[]?> ReceiveFrameAsync(CancellationToken ct)
    {
        byte[] frame;
        while (!_introRead || !_frames.TryRead(out frame))
        {
            var received = await socket.ReceiveAsync(_buffer.AsMemory(), ct);
            if (received.MessageType == WebSocketMessageType.Close) return null;
            var bytes = _buffer.AsMemory(0, received.Count);
            if (!_introRead) bytes = SkipIntro(bytes);
            _frames.Append(bytes.Span);
        }

        return frame;
    }

    private Memory<byte> SkipIntro(Memory<byte> bytes)
    {
        if (bytes.Span.StartsWith(NoiseIntro.RoutingPrefix))
        {
            var length = bytes.Span[4] << 16 | bytes.Span[5] << 8 | bytes.Span[6];
            Routing = bytes.Span.Slice(7, length).ToArray();
            bytes = bytes[(7 + length)..];
            if (faults.RefusesRouting) throw new ProtocolException("there is no such edge");
        }

        if (!bytes.Span.StartsWith(NoiseIntro.Bytes)) throw new ProtocolException("the client does not begin with the intro");
        _introRead = true;
        return bytes[NoiseIntro.Bytes.Length..];
    }
}
