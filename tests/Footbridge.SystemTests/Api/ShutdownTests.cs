using Footbridge.Simulator.WhatsApp;

namespace Footbridge.SystemTests.Api;

/// <summary>What happens to requests when the process is told to stop.</summary>
public sealed class ShutdownTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(60));
    private World _world = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync() => _world = await World.StartAsync(Ct);

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _timeout.Dispose();
    }

    [Fact]
    public async Task A_request_in_flight_at_a_stop_is_answered_before_the_database_closes()
    {
        var ana = _world.WhatsApp.AddAccount("5511900000001", "Ana Example");
        await _world.LinkAsync("shop", _world.WhatsApp.AddAccount("5511900000099", "Shop"), Ct);
        // WhatsApp takes its time with the message, long enough for the stop to begin.
        _world.WhatsApp.Faults.FromClient = (_, node) => node.Tag == "message" ? new Fault.Delay(TimeSpan.FromSeconds(1)) : null;
        var sending = _world.PostAsync("/api/sendText", new() { ["session"] = "shop", ["chatId"] = "5511900000001@c.us", ["text"] = "before the stop" }, 201, Ct);
        await _world.WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "message", Ct);
        var stopping = _world.Product.DisposeAsync().AsTask();
        Assert.NotNull((await sending)!["id"]);
        await stopping;
        Assert.Equal("before the stop", (await ana.Incoming.ReadAsync(Ct)).Text);
    }
}
