using System.Net.WebSockets;
using Footbridge.Protocol;
using Footbridge.Protocol.Noise;

namespace Footbridge.Engine.Connection;

/// <summary>A websocket as a stream of length-prefixed frames. One reader and one writer at a time.</summary>
internal sealed class FrameSocket : IAsyncDisposable
{
    private const string Origin = "https://web.whatsapp.com";
    private const int ReceiveBytes = 4096;
    private readonly ClientWebSocket _socket = new();
    private readonly FrameDecoder _frames = new();
    private readonly byte[] _buffer = new byte[ReceiveBytes];
    private readonly HttpMessageInvoker? _proxied;

    /// <param name="proxy">The only way out; null dials directly.</param>
    public FrameSocket(ProxyAddress? proxy)
    {
        if (proxy is not null) _proxied = new(proxy.Handler, disposeHandler: false);
        _socket.Options.SetRequestHeader("Origin", Origin);
        _socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
    }

    /// <exception cref="WebSocketException">The server, or the proxy in between, cannot be reached or refuses.</exception>
    public Task ConnectAsync(Uri url, CancellationToken ct) => _proxied is null ? _socket.ConnectAsync(url, ct) : _socket.ConnectAsync(url, _proxied, ct);

    /// <summary>Sends bytes as one websocket message, as they are.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct) => _socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, ct);

    /// <summary>The next frame's body, or null when the server has closed the connection.</summary>
    /// <exception cref="ProtocolException">The server sent text.</exception>
    public async ValueTask<byte[]?> ReceiveAsync(CancellationToken ct)
    {
        byte[] frame;
        while (!_frames.TryRead(out frame))
        {
            var received = await _socket.ReceiveAsync(_buffer.AsMemory(), ct);
            if (received.MessageType == WebSocketMessageType.Close) return null;
            if (received.MessageType == WebSocketMessageType.Text) throw new ProtocolException("a text message on the socket");
            _frames.Append(_buffer.AsSpan(0, received.Count));
        }

        return frame;
    }

    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        _proxied?.Dispose();
        return ValueTask.CompletedTask;
    }
}
