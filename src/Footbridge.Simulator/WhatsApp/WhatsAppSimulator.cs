using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Footbridge.Protocol;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.Answers;
using Footbridge.Simulator.WhatsApp.Media;
using Footbridge.Simulator.WhatsApp.People;
using Footbridge.Simulator.WhatsApp.Phone;
using Footbridge.Simulator.WhatsApp.State;
using Footbridge.Simulator.WhatsApp.Wire;

namespace Footbridge.Simulator.WhatsApp;

/// <summary>WhatsApp's server as far as linked devices see it, on loopback, with phones that tests and the demo hold in their hands.</summary>
internal sealed class WhatsAppSimulator : IAsyncDisposable
{
    private readonly WebApplication _host;
    private readonly TimeProvider _time;
    private readonly ServerKeys _keys = new();
    private readonly State.Directory _directory = new();
    private readonly GroupBook _groupBook = new();
    private readonly MessageRouter _router;
    private readonly IqAnswers _answers;
    private readonly PairingDesk _pairing;
    private readonly LinkCodeDesk _linkCodes;
    private readonly ConcurrentDictionary<ClientConnection, bool> _connections = new();
    private readonly ConcurrentQueue<Handshake> _handshakes = new();
    private readonly ConcurrentQueue<byte[]> _routings = new();
    private readonly ConcurrentDictionary<int, bool> _peers = new();
    private readonly CancellationTokenSource _stopping = new();

    private WhatsAppSimulator(WhatsAppOptions options, WebApplication host, MediaHost media, TimeProvider time)
    {
        (_host, Media, _time) = (host, media, time);
        Recorder = new(options.Records, time);
        FirstFrameDelay = options.FirstFrameDelay;
        _router = new(_directory, _groupBook, Channels = new(media, time), Rules, time);
        Groups = new(_directory, _groupBook, time);
        People = new(_directory, options.IsEverybodyAcquainted, time);
        _answers = new(_directory, Rules, Media, Groups, Channels, People, Faults, time);
        _pairing = new(Faults, time);
        _linkCodes = new(_directory, _pairing, time);
    }

    public Faults Faults { get; } = new();

    public MediaHost Media { get; }

    /// <summary>What the server allows, and for how long it does not.</summary>
    public ServerRules Rules { get; } = new();

    public Recorder Recorder { get; }

    /// <summary>How the clients got in, in order.</summary>
    public IReadOnlyCollection<Handshake> Handshakes => _handshakes;

    /// <summary>Told of each handshake, when it stands in <see cref="Handshakes"/>.</summary>
    public event Action<Handshake>? ShookHands;

    /// <summary>Routing bytes for clients to begin their next connection with; told at each login.</summary>
    public byte[]? Routing { get; set; }

    /// <summary>The routing bytes that connections began with, in order; empty ones for those without.</summary>
    public IReadOnlyCollection<byte[]> Routings => _routings;

    /// <summary>The local ports that whoever called came from, to the chat socket or for files.</summary>
    public IReadOnlyCollection<int> Peers => [.. _peers.Keys.Order()];

    /// <summary>How long the first frame after a handshake is held back; some clients lose one that comes at once.</summary>
    public TimeSpan FirstFrameDelay { get; set; }

    public GroupDesk Groups { get; }

    public ChannelDesk Channels { get; }

    public PeopleDesk People { get; }

    public byte[] RootPublicKey => _keys.RootPublicKey;

    public Uri ChatUrl { get; private set; } = null!;

    public static async Task<WhatsAppSimulator> StartAsync(WhatsAppOptions options, TimeProvider time, CancellationToken ct)
    {
        // No file is watched for settings: every watch costs one of the user's few inotify instances.
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.Logging.ClearProviders();
        var media = new MediaHost();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(media.Certificate));
        });
        var host = builder.Build();
        var simulator = new WhatsAppSimulator(options, host, media, time);
        host.Use((context, next) =>
        {
            simulator._peers[context.Connection.RemotePort] = true;
            return next(context);
        });
        host.UseWebSockets(new() { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        host.Map("/ws/chat", simulator.AcceptAsync);
        host.MapGet("/pictures/{id}", (string id) => simulator.People.Pictures.Find(id) is { } jpeg ? Results.Bytes(jpeg, "image/jpeg") : Results.NotFound());
        media.Map(host);
        await host.StartAsync(ct);
        media.Authority = new Uri(host.Urls.Single(url => url.StartsWith("https:", StringComparison.Ordinal))).Authority;
        simulator.ChatUrl = new UriBuilder(host.Urls.Single(url => url.StartsWith("http:", StringComparison.Ordinal))) { Scheme = "ws", Path = "/ws/chat" }.Uri;
        simulator.People.PicturesUrl = new UriBuilder(simulator.ChatUrl) { Scheme = "http", Path = "/pictures/" }.Uri;
        return simulator;
    }

    /// <summary>A new account with its phone. <paramref name="phoneDigits"/> must be a fictitious number.</summary>
    public FakePhone AddAccount(string phoneDigits, string? pushName)
    {
        var account = _directory.Add(phoneDigits, pushName);
        return new(account, _directory, _router, Groups, _pairing, Media, _time) { LinkCodes = _linkCodes, People = new(account, _directory, People), Channels = new(account, Channels) };
    }

    /// <summary>The server takes a new key: what clients know of it is old.</summary>
    public void RotateKeys() => _keys.Rotate();

    /// <summary>Breaks every socket without a word.</summary>
    public void KillSockets()
    {
        foreach (var connection in _connections.Keys) connection.Kill();
    }

    /// <summary>Ends a companion's connection with a stream error.</summary>
    public void EndStream(Jid device, string code, string? conflict = null)
    {
        foreach (var connection in _connections.Keys.Where(c => c.Device?.Phone == device))
        {
            connection.Deliver(Node.Of("stream:error", [("code", code)], conflict is null ? null : Node.Of("conflict", [("type", conflict)])));
            connection.CloseAfterSending();
        }
    }

    /// <summary>Sends a device something of the server's own.</summary>
    public void Push(Jid device, Node stanza) => _directory.FindDevice(device)?.Push(stanza);

    public SimDevice? FindDevice(Jid device) => _directory.FindDevice(device);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        KillSockets();
        await _host.DisposeAsync();
        Media.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var connection = new ClientConnection(socket, _keys, Faults, Recorder, _time);
        _connections[connection] = true;
        try
        {
            await ShakeHandsAsync(connection);
            _handshakes.Enqueue(connection.Handshake);
            ShookHands?.Invoke(connection.Handshake);
            Welcome(connection);
            await connection.RunAsync(node => HandleAsync(connection, node), _stopping.Token);
        }
        catch (Exception e) when (e is System.Net.WebSockets.WebSocketException or OperationCanceledException or ProtocolException or IOException or ObjectDisposedException)
        {
            // The client went away, or does not speak the protocol: its connection ends, the server goes on.
        }
        finally
        {
            _connections.TryRemove(connection, out _);
            connection.Device?.Detach(connection);
            if (connection.Device is { IsConnected: false } gone) People.Presence.Leave(gone);
            _pairing.Forget(connection);
            _linkCodes.Forget(connection);
        }
    }

    private async Task ShakeHandsAsync(ClientConnection connection)
    {
        try
        {
            await connection.ShakeHandsAsync(FirstFrameDelay, _stopping.Token);
        }
        finally
        {
            _routings.Enqueue(connection.Routing);
        }
    }

    private void Welcome(ClientConnection connection)
    {
        var payload = connection.Payload;
        if (Faults.RefusesLogin?.Invoke(payload) is { } refusal)
        {
            connection.Deliver(refusal);
            connection.CloseAfterSending();
            return;
        }

        if (!payload.HasUsername)
        {
            _pairing.Offer(connection);
            return;
        }

        var jid = new Jid(payload.Username.ToString(CultureInfo.InvariantCulture), JidServer.User, (ushort)payload.Device);
        if (_directory.FindDevice(jid) is not { } device || device.Number == 0)
        {
            connection.Deliver(Node.Of("failure", [("reason", "401")]));
            connection.CloseAfterSending();
            return;
        }

        connection.Device = device;
        connection.Deliver(Node.Of("success", [("t", _time.GetUtcNow().ToUnixTimeSeconds()), ("lid", device.Lid), ("display_name", device.Account.PushName)]));
        if (Routing is { } routing) connection.Deliver(Node.Of("ib", Node.Of("edge_routing", Node.OfBytes("routing_info", routing))));
        if (!payload.Passive) Activate(connection, device);
    }

    private static void Activate(ClientConnection connection, SimDevice device)
    {
        if (device.Attach(connection, Offline) is not ClientConnection former) return;
        former.Deliver(Node.Of("stream:error", Node.Of("conflict", [("type", "replaced")])));
        former.CloseAfterSending();
    }

    private static IEnumerable<Node> Offline(IReadOnlyList<Node> queued)
    {
        if (queued.Count > 0) yield return Node.Of("ib", Node.Of("offline_preview", [("count", queued.Count), ("message", queued.Count(s => s.Tag == "message"))]));
        foreach (var stanza in queued) yield return stanza.With("offline", "0");
        yield return Node.Of("ib", Node.Of("offline", [("count", queued.Count)]));
    }

    private Task HandleAsync(ClientConnection connection, Node node)
    {
        if (connection.Device is { } device) Handle(connection, device, node);
        else if (node.Tag == "iq" && node["id"] == "pair-success-1") _pairing.Finish(connection, node);
        else if (node.Tag == "iq" && _pairing.Passkeys.TryAnswer(connection, node)) return Task.CompletedTask;
        else if (node.Tag == "iq" && node.Child("link_code_companion_reg") is not null)
        {
            if (_linkCodes.Answer(connection, node) is { } answer) connection.Deliver(answer);
        }
        else if (node.Tag == "iq" && node["type"] is "get" or "set") connection.Deliver(IqAnswers.Error(node, 501, "feature-not-implemented"));
        return Task.CompletedTask;
    }

    private void Handle(ClientConnection connection, SimDevice device, Node node)
    {
        switch (node.Tag)
        {
            case "iq" when node["type"] is "get" or "set":
                HandleQuery(connection, device, node);
                break;
            case "message":
                connection.Deliver(_router.Submit(device, node));
                break;
            case "receipt":
                _router.SubmitReceipt(device, node);
                connection.Deliver(Node.Of("ack", [("class", "receipt"), ("id", node["id"]), ("from", node["to"]), ("type", node["type"])]));
                break;
            case "presence":
                People.Presence.Submit(device, node);
                break;
            case "chatstate":
                People.Presence.SubmitChatState(device, node);
                break;
            case "call":
                connection.Deliver(People.Calls.Submit(device, node));
                break;
            case "ack":
                device.Confirm(node["class"] ?? "", node["id"], node["type"], node.JidOf("participant")?.ToString());
                break;
        }
    }

    private void HandleQuery(ClientConnection connection, SimDevice device, Node iq)
    {
        connection.Deliver(_answers.Answer(device, iq));
        if (iq["xmlns"] == "passive" && iq.Child("active") is not null) Activate(connection, device);
        if (iq.Child("remove-companion-device") is null) return;
        device.Account.Remove(device);
        People.Notices.TellDevice(device.Account, device, isAdded: false);
        connection.Deliver(Node.Of("stream:error", [("code", "401")], Node.Of("conflict", [("type", "device_removed")])));
        connection.CloseAfterSending();
    }
}
