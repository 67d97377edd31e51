using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Footbridge.Server.Config;
using Footbridge.Server.Sessions;
using Footbridge.Simulator.WhatsApp.Phone;
using Footbridge.SystemTests.Api;
using Footbridge.SystemTests.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Footbridge.SystemTests.Sockets;

/// <summary>The event stream at /ws.</summary>
public sealed class EventSocketTests : IAsyncLifetime
{
    private const int Queue = 10;
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(90));
    private World _world = null!;
    private FakePhone _ana = null!;
    private FakePhone _shop = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync()
    {
        _world = await World.StartAsync(Ct, configure: settings => settings.SocketQueue = Queue);
        _ana = _world.WhatsApp.AddAccount("5511900000001", "Ana Example");
        _shop = _world.WhatsApp.AddAccount("5511900000099", "Shop");
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _timeout.Dispose();
    }

    [Fact]
    public async Task A_socket_hears_every_event_as_webhooks_get_it()
    {
        await _world.LinkAsync("shop", _shop, Ct);
        using var socket = await OpenAsync($"?X-API-KEY={World.ApiKey}&x-api-key=wrong&events=*");
        _ana.SendText(_shop.Number.User, "Olá");
        var heard = new List<JsonObject>();
        // That the session is linked may be told after the socket is there.
        while (heard.Count < 2) if (await ReadAsync(socket) is { } one && one["event"]!.ToString() != "session.status") heard.Add(one);
        Assert.Equal(["message", "message.any"], heard.Select(e => e["event"]!.ToString()).Order(StringComparer.Ordinal));
        Assert.All(heard, e => Assert.Equal(("shop", "Olá", "5511900000099@c.us"), (e["session"]!.ToString(), e["payload"]!["body"]!.ToString(), e["me"]!["id"]!.ToString())));
        Assert.Equal(["id", "timestamp", "event", "session", "me", "payload", "engine", "environment"], heard[0].Select(field => field.Key));
        await _world.PostAsync("/api/sessions/shop/stop", [], 201, Ct);
        Assert.Equal("STOPPED", (await ReadAsync(socket))["payload"]!["status"]!.ToString());
    }

    [Theory]
    [InlineData("session=shop&events=session.status", "shop session.status")]
    [InlineData("session=*&events=message,message.any", "other message,other message.any,shop message,shop message.any")]
    [InlineData("events=message&events=session.status&session=shop", "shop message,shop session.status")]
    [InlineData("", "other message,other message.any,other session.status,shop message,shop message.any,shop session.status")]
    [InlineData("events=engine.event", "shop engine.event")]
    public async Task A_socket_hears_the_sessions_and_events_it_asked_for(string query, string heard)
    {
        using var socket = await OpenAsync($"?{query}", key: World.ApiKey);
        foreach (var session in new[] { "other", "shop" })
        {
            Publish(session, "session.status");
            Publish(session, "message.any");
        }

        Publish("shop", "engine.event");
        foreach (var name in new[] { "session.status", "message.any", "engine.event" }) Publish("shop", name, isLast: true);
        var got = new List<string>();
        while (await ReadAsync(socket) is { } one && one["payload"]!["last"]!.GetValue<bool>() is false) got.Add($"{one["session"]} {one["event"]}");
        Assert.Equal(heard, string.Join(',', got.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("", null, "Unauthorized")]
    [InlineData("?x-api-key=wrong", null, "Unauthorized")]
    [InlineData("?events=massage", World.ApiKey, "Unknown event massage")]
    public async Task A_socket_that_may_not_or_cannot_hear_is_closed_with_the_reason(string query, string? key, string reason)
    {
        using var socket = await OpenAsync(query, key);
        var end = await socket.ReceiveAsync(new byte[10], Ct);
        Assert.Equal((WebSocketMessageType.Close, WebSocketCloseStatus.PolicyViolation, reason), (end.MessageType, end.CloseStatus, end.CloseStatusDescription));
    }

    [Fact]
    public async Task A_socket_that_does_not_read_is_closed_and_another_goes_on()
    {
        using var slow = await OpenAsync("", World.ApiKey);
        using var quick = await OpenAsync("", World.ApiKey);
        var events = _world.Product.Services.GetRequiredService<LiveEvents>();
        // Larger than all buffers between the two together.
        var payload = new string('x', 4_000_000);
        for (var i = 0; i < Queue * 3; i++)
        {
            events.Publish(new($"evt_{i}", i, "message.any", "shop", null, new() { ["fromMe"] = true, ["body"] = payload }));
            Assert.Equal($"evt_{i}", (await ReadAsync(quick))["id"]!.ToString());
        }

        var (count, end) = (0, default(WebSocketReceiveResult));
        var buffer = new byte[1 << 20];
        while (end?.MessageType != WebSocketMessageType.Close)
        {
            end = await slow.ReceiveAsync(buffer, Ct);
            if (end.EndOfMessage) count++;
        }

        Assert.Equal((WebSocketCloseStatus.PolicyViolation, $"Too slow: {Queue} events were waiting"), (end.CloseStatus, end.CloseStatusDescription));
        Assert.InRange(count, 1, Queue * 3);
    }

    [Fact]
    public async Task Sockets_are_told_when_the_server_stops()
    {
        using var socket = await OpenAsync("", World.ApiKey);
        var stopping = _world.Product.DisposeAsync().AsTask();
        var end = await socket.ReceiveAsync(new byte[10], Ct);
        Assert.Equal((WebSocketCloseStatus.EndpointUnavailable, "The server is stopping"), (end.CloseStatus, end.CloseStatusDescription));
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Ct);
        await stopping;
    }

    [Fact]
    public async Task A_plain_request_is_told_what_speaks_here() => await _world.Api.GetAsync("/ws", 400, Ct);

    [Fact]
    public async Task Sockets_hear_events_also_while_the_broker_is_away()
    {
        await using var redis = await RedisServer.StartAsync();
        _world.Configure = settings => settings.RedisUrl = string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{redis.Port}/0");
        await _world.Product.DisposeAsync();
        await _world.StartProductAsync(Ct);
        await _world.LinkAsync("shop", _shop, Ct);
        using var socket = await OpenAsync("?events=message", World.ApiKey);
        _ana.SendText(_shop.Number.User, "before");
        Assert.Equal("before", (await ReadAsync(socket))["payload"]!["body"]!.ToString());
        await redis.KillAsync();
        for (var i = 1; i <= 3; i++)
        {
            _ana.SendText(_shop.Number.User, $"{i}");
            Assert.Equal($"{i}", (await ReadAsync(socket))["payload"]!["body"]!.ToString());
        }
    }

    private void Publish(string session, string name, bool isLast = false) =>
        _world.Product.Services.GetRequiredService<LiveEvents>().Publish(new("evt_1", 1, name, session, null, new() { ["fromMe"] = false, ["last"] = isLast }));

    private async Task<ClientWebSocket> OpenAsync(string query, string? key = null)
    {
        var socket = new ClientWebSocket();
        if (key is not null) socket.Options.SetRequestHeader("X-Api-Key", key);
        await socket.ConnectAsync(new UriBuilder(_world.Product.Url) { Scheme = "ws", Path = "/ws", Query = query }.Uri, Ct);
        return socket;
    }

    private async Task<JsonObject> ReadAsync(ClientWebSocket socket)
    {
        using var text = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, Ct);
            Assert.Equal(WebSocketMessageType.Text, part.MessageType);
            text.Write(buffer, 0, part.Count);
            if (part.EndOfMessage) return JsonNode.Parse(text.ToArray())!.AsObject();
        }
    }
}
