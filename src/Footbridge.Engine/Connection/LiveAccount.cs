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
    private readonly Waiters _waiters = new(time);
    private readonly string _idPrefix = RandomNumberGenerator.GetHexString(8, lowercase: true) + "-";
    private long _lastId;
    private Channel<Node>? _outbound;
    private CancellationTokenSource? _connected;
    private ConnectionEnd? _end;
    private Credentials? _credentials;
    private SentTags _sent = new();
    private volatile bool _online;

    public Liveness Liveness { get; } = new(options, time);

    /// <summary>Set before the first connection.</summary>
    public KnownServer KnownServer { get; set; } = null!;

    /// <summary>Compares our keys at the server with ours; set before the first connection.</summary>
    public Func<CancellationToken, Task> RefreshKeys { get; set; } = null!;

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
            return _end ?? ConnectionEnd.Lost(e is OperationCanceledException ? "the connection was ended" : Describe(e));
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
        try
        {
            return await AskAsync(iq, timeout, ct);
        }
        catch (TimeoutException)
        {
            Liveness.NoteSilence();
            throw;
        }
    }

    public async Task<Node> WaitAckAsync(string messageId, Task left, CancellationToken ct)
    {
        try
        {
            return await _waiters.WaitAsync("ack:" + messageId, left, options.MessageAckTimeout, ct);
        }
        catch (TimeoutException)
        {
            Liveness.NoteMissingAck();
            throw;
        }
    }

    public void CompleteAck(string messageId, Node ack)
    {
        Liveness.NoteAck();
        _waiters.TryComplete("ack:" + messageId, ack);
    }

    private async Task<Node> AskAsync(Node iq, TimeSpan timeout, CancellationToken ct, bool isPing = false)
    {
        var id = iq["id"] ?? _idPrefix + Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);
        if (_outbound is null) throw new NotOnlineException("the account is not connected to WhatsApp");
        var waiting = _waiters.WaitAsync(id, timeout, ct);
        Send(iq.With("id", id));
        var answer = await waiting;
        if (!isPing) Liveness.NoteRoundTrip();
        if (answer["type"] != "error") return answer;
        var error = answer.Child("error");
        throw new QueryFailedException((int)(error?.LongOf("code") ?? 0), error?["text"] ?? "");
    }

    private async Task<NoiseConnection> OpenAsync(CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(options.HandshakeTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            return await NoiseConnection.OpenAsync(options, Credentials, KnownServer, time, either.Token);
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
        _sent = new();
        Liveness.NoteConnected();
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
                Liveness.NoteInbound();
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
                tasks.Add(WatchAsync(ct));
                break;
            case "failure":
                End(ConnectionEnd.OfFailure(node));
                break;
            case "stream:error":
                EndStream(node);
                break;
            case "xmlstreamend":
                End(ConnectionEnd.Lost("WhatsApp ended the stream"));
                break;
            case "ib" when node.Child("downgrade_webclient") is not null:
                End(new(AfterEnd.Stop, DisconnectReason.Rejected, "the account's phone does not offer linked devices of this kind (downgrade)"));
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
                _sent.Add(node.Tag);
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
        var keepAlive = new KeepAlive(options, time, PingAsync, () => Liveness.LastInbound);
        try
        {
            End(ConnectionEnd.Lost(await keepAlive.RunAsync(ct)));
        }
        catch (Exception e) when (e is NotOnlineException or QueryFailedException)
        {
            End(ConnectionEnd.Lost(e.Message));
        }
    }

    private async Task WatchAsync(CancellationToken ct)
    {
        var watch = new LivenessWatch(Liveness, token => AskAsync(PreKeyStanzas.Count(), options.ProbeTimeout, token), RefreshKeys, logger);
        try
        {
            End(ConnectionEnd.Lost(await watch.RunAsync(ct)));
        }
        catch (Exception e) when (e is NotOnlineException or QueryFailedException)
        {
            End(ConnectionEnd.Lost(e.Message));
        }
    }

    private async Task PingAsync(CancellationToken ct)
    {
        await AskAsync(Iq.Get("w:p", Node.Of("ping")), options.PingTimeout, ct, isPing: true);
        Liveness.NotePong();
    }

    /// <summary>What the server says about a stream it ends; what points at a mistake of ours is logged with what helps to find it.</summary>
    private void EndStream(Node error)
    {
        if (error.Child("ack")?["id"] is { } id) logger.AckMissed(id);
        if (error.Child("xml-not-well-formed") is not null) logger.SentMalformed(_sent.ToString());
        End(ConnectionEnd.OfStreamError(error));
    }

    /// <summary>A failed dial says why only in the error beneath: a refused password at a proxy, an unknown host.</summary>
    private static string Describe(Exception error) => error is WebSocketException { InnerException: { } inner } ? $"{error.Message}: {inner.Message}" : error.Message;
}
