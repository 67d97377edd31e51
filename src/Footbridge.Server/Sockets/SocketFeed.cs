using System.Globalization;
using System.Net.WebSockets;
using System.Threading.Channels;

namespace Footbridge.Server.Sockets;

/// <summary>Carries events to one socket through a queue of its own: one that reads too slowly is closed and holds nobody up.</summary>
internal sealed class SocketFeed(int capacity) : IDisposable
{
    private const int BufferBytes = 256;

    /// <summary>How long a closing socket may take for what is on its way, and the other side for its answer.</summary>
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(5);

    private readonly Channel<byte[]> _queue = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(capacity) { SingleReader = true });
    private readonly CancellationTokenSource _isSlow = new();
    private readonly CancellationTokenSource _isGone = new();
    private Task _sending = Task.CompletedTask;

    /// <summary>Puts an event at the end of the queue; a full queue ends the feed.</summary>
    public void Offer(byte[] text)
    {
        if (_queue.Writer.TryWrite(text) || !_queue.Writer.TryComplete()) return;
        try
        {
            _isSlow.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The feed has ended meanwhile for another reason.
        }
    }

    /// <summary>Sends until the other side goes, is too slow, or the server stops.</summary>
    public async Task RunAsync(WebSocket socket, CancellationToken stopping)
    {
        var listening = ListenAsync(socket);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(stopping, _isGone.Token, _isSlow.Token);
        try
        {
            await SendAsync(socket, any.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // Why it ended is told below; a connection that broke needs no goodbye.
        }

        if (_isSlow.IsCancellationRequested) await SayGoodbyeAsync(socket, WebSocketCloseStatus.PolicyViolation, string.Create(CultureInfo.InvariantCulture, $"Too slow: {capacity} events were waiting"), listening);
        else if (stopping.IsCancellationRequested) await SayGoodbyeAsync(socket, WebSocketCloseStatus.EndpointUnavailable, "The server is stopping", listening);
        else await SayGoodbyeAsync(socket, WebSocketCloseStatus.NormalClosure, "", listening);
    }

    /// <summary>Ends it before it began.</summary>
    public Task RefuseAsync(WebSocket socket, string reason) => SayGoodbyeAsync(socket, WebSocketCloseStatus.PolicyViolation, reason, ListenAsync(socket));

    public void Dispose()
    {
        _isSlow.Dispose();
        _isGone.Dispose();
    }

    private async Task SendAsync(WebSocket socket, CancellationToken ct)
    {
        while (await _queue.Reader.WaitToReadAsync(ct))
        {
            while (_queue.Reader.TryRead(out var text))
            {
                // Not cancelled itself: half a frame would take the goodbye's place.
                _sending = socket.SendAsync(text, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
                await _sending.WaitAsync(ct);
            }
        }
    }

    private async Task SayGoodbyeAsync(WebSocket socket, WebSocketCloseStatus status, string reason, Task listening)
    {
        using var patience = new CancellationTokenSource(Goodbye);
        try
        {
            // Comes behind what is being sent; a side that reads nothing at all is left without a word.
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived) await socket.CloseOutputAsync(status, reason, patience.Token);
            await listening.WaitAsync(patience.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            socket.Abort();
        }

        await listening;
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>What the other side says does not matter, only that it is there: its pongs and its goodbye are found here.</summary>
    private async Task ListenAsync(WebSocket socket)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            while (socket.State is WebSocketState.Open or WebSocketState.CloseSent
                && (await socket.ReceiveAsync(buffer, CancellationToken.None)).MessageType != WebSocketMessageType.Close)
            {
                // Read on.
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection is gone, or its pings were not answered.
        }

        await _isGone.CancelAsync();
    }
}
