using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Threading.Channels;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Pairing;
using Footbridge.Protocol;
using Footbridge.Protocol.Xml;
using Microsoft.Extensions.Logging;

namespace Footbridge.Engine.Connection;

/// <summary>An account's connection, from the first dial to the last: opens it, reads and writes it, and says how it ended.</summary>
internal sealed class LiveAccount(WaClientOptions options, AccountLoop loop, TimeProvider time, ILogger logger) : ILink
{
    private const int MaxMalformedFrames = 3;
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(10);
    private readonly Waiters _waiters = new(time);
    private readonly string _idPrefix = RandomNumberGenerator.GetHexString(8, lowercase: true) + "-";
    private long _lastId;
    private Channel<Node>? _outbound;
    private CancellationTokenSource? _connected;
    private ConnectionEnd? _end;
    private Credentials? _credentials;
    private long _lastInbound;
    private volatile bool _online;

    /// <summary>Takes stanzas inside the loop; set before the first connection.</summary>
    public StanzaRouter Router { get; set; } = null!;

    /// <summary>What to do once logged in, outside the loop.</summary>
    public Func<CancellationToken, Task> LoggedIn { get; set; } = null!;

    public Credentials Credentials => _credentials ?? throw new InvalidOperationException("no credentials yet");

    public Account Me => Credentials.Account ?? throw new NotOnlineException("the account is not linked");

    /// <summary>Told when the account is online and gets another name.</summary>
    public Action<Account> Renamed { get; set; } = null!;

    public void Replace(Credentials credentials)
    {
        var isRenamed = _online && _credentials?.Account?.PushName != credentials.Account?.PushName;
        _credentials = credentials;
        if (isRenamed) Renamed(Me);
    }

    public void MarkOnline() => _online = true;

    public void RequireOnline()
    {
        if (!_online) throw new NotOnlineException("the account is not connected to WhatsApp");
    }

    /// <summary>Opens one connection and runs it to its end.</summary>
    public async Task<ConnectionEnd> RunOnceAsync(CancellationToken ct)
    {
        using var connected = CancellationTokenSource.CreateLinkedTokenSource(ct);
        (_connected, _end) = (connected, null);
        try
        {
            await using var connection = await OpenAsync(ct);
            await CarryAsync(connection, connected);
            return _end ?? ConnectionEnd.Lost("WhatsApp closed the connection");
        }
        catch (Exception e) when (e is WebSocketException or IOException or HttpRequestException or ProtocolException or TimeoutException or OperationCanceledException)
        {
            return _end ?? ConnectionEnd.Lost(e is OperationCanceledException ? "the connection was ended" : e.Message);
        }
        finally
        {
            _online = false;
            _outbound = null;
            _connected = null;
            _waiters.FailAll("the connection to WhatsApp broke");
        }
    }

    /// <summary>Ends the running connection; the first reason given counts.</summary>
    public void End(ConnectionEnd end)
    {
        Interlocked.CompareExchange(ref _end, end, null);
        try
        {
            _connected?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself a moment ago.
        }
    }

    public void Fail(DisconnectReason reason, string detail) => End(new(AfterEnd.Stop, reason, detail));

    public void Send(Node stanza) => _outbound?.Writer.TryWrite(stanza);

    public async Task<Node> QueryAsync(Node iq, TimeSpan timeout, CancellationToken ct)
    {
        var id = iq["id"] ?? _idPrefix + Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);
        if (_outbound is null) throw new NotOnlineException("the account is not connected to WhatsApp");
        var waiting = _waiters.WaitAsync(id, timeout, ct);
        Send(iq.With("id", id));
        var answer = await waiting;
        if (answer["type"] != "error") return answer;
        var error = answer.Child("error");
        throw new QueryFailedException((int)(error?.LongOf("code") ?? 0), error?["text"] ?? "");
    }

    public Task<Node> WaitAckAsync(string messageId, CancellationToken ct) => _waiters.WaitAsync("ack:" + messageId, options.MessageAckTimeout, ct);

    public void CompleteAck(string messageId, Node ack) => _waiters.TryComplete("ack:" + messageId, ack);

    private async Task<NoiseConnection> OpenAsync(CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(options.HandshakeTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            return await NoiseConnection.OpenAsync(options, Credentials, time, either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw new TimeoutException("WhatsApp did not finish the handshake in time");
        }
    }

    private async Task CarryAsync(NoiseConnection connection, CancellationTokenSource connected)
    {
        var outbound = Channel.CreateUnbounded<Node>(new UnboundedChannelOptions { SingleReader = true });
        _outbound = outbound;
        _lastInbound = time.GetTimestamp();
        var writing = WriteAsync(connection, outbound.Reader, connected.Token);
        var tasks = new List<Task> { writing, KeepAliveAsync(connected.Token) };
        try
        {
            await ReadAsync(connection, tasks, connected.Token);
        }
        finally
        {
            await connected.CancelAsync();
            await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadAsync(NoiseConnection connection, List<Task> tasks, CancellationToken ct)
    {
        var malformed = 0;
        while (true)
        {
            try
            {
                if (await connection.ReceiveAsync(ct) is not { } node) return;
                _lastInbound = time.GetTimestamp();
                await DispatchAsync(node, tasks, ct);
            }
            catch (MalformedNodeException e)
            {
                logger.MalformedFrame(e.Message);
                if (++malformed == MaxMalformedFrames) throw new ProtocolException("too many malformed frames", e);
            }
        }
    }

    private async ValueTask DispatchAsync(Node node, List<Task> tasks, CancellationToken ct)
    {
        switch (node.Tag)
        {
            case "iq" when node["type"] is "result" or "error":
                if (node["id"] is { } id) _waiters.TryComplete(id, node);
                break;
            case "success":
                tasks.Add(LoggedInAsync(ct));
                break;
            case "failure":
                End(ConnectionEnd.OfFailure(node));
                break;
            case "stream:error":
                End(ConnectionEnd.OfStreamError(node));
                break;
            case "xmlstreamend":
                End(ConnectionEnd.Lost("WhatsApp ended the stream"));
                break;
            case "ib" when node.Child("edge_routing")?.Child("routing_info")?.ContentBytes is { } routing:
                Replace(Credentials with { RoutingInfo = routing });
                break;
            case "ib" when node.Child("offline_preview") is not null:
                Send(Node.Of("ib", Node.Of("offline_batch", [("count", 100)])));
                break;
            default:
                await loop.PostAsync(stop => Router.RouteAsync(node, stop), ct);
                break;
        }
    }

    private async Task LoggedInAsync(CancellationToken ct)
    {
        try
        {
            await LoggedIn(ct);
        }
        catch (Exception e) when (e is QueryFailedException or TimeoutException or NotOnlineException)
        {
            End(ConnectionEnd.Lost($"the login could not be finished: {e.Message}"));
        }
    }

    private async Task WriteAsync(NoiseConnection connection, ChannelReader<Node> outbound, CancellationToken ct)
    {
        try
        {
            await foreach (var node in outbound.ReadAllAsync(ct))
            {
                await connection.SendAsync(node, ct).AsTask().WaitAsync(options.HandshakeTimeout, time, ct);
            }
        }
        catch (Exception e) when (e is WebSocketException or IOException or TimeoutException or ObjectDisposedException)
        {
            End(ConnectionEnd.Lost($"writing to WhatsApp failed: {e.Message}"));
        }
    }

    private async Task KeepAliveAsync(CancellationToken ct)
    {
        var keepAlive = new KeepAlive(options, time, PingAsync, () => _lastInbound);
        try
        {
            End(ConnectionEnd.Lost(await keepAlive.RunAsync(ct)));
        }
        catch (Exception e) when (e is NotOnlineException or QueryFailedException)
        {
            End(ConnectionEnd.Lost(e.Message));
        }
    }

    private Task PingAsync(CancellationToken ct) =>
        QueryAsync(Node.Of("iq", [("type", "get"), ("xmlns", "w:p"), ("to", Jid.Service)], Node.Of("ping")), PingTimeout, ct);
}
