using System.Text.Json.Nodes;
using Footbridge.Server.Config;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Webhooks;

/// <summary>A linked shop, two customers, and a receiver of events.</summary>
public abstract class WebhookTest : IAsyncLifetime
{
    protected const string Key = "a-key-for-hooks-under-test";
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(120));

    protected CancellationToken Ct => _timeout.Token;

    private protected World World { get; private set; } = null!;

    private protected HookReceiver Receiver { get; private set; } = null!;

    private protected FakePhone Shop { get; private set; } = null!;

    private protected FakePhone Ana { get; private set; } = null!;

    private protected FakePhone Ben { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        Receiver = await HookReceiver.StartAsync(Ct);
        World = await World.StartAsync(Ct, configure: Configure);
        Ana = World.WhatsApp.AddAccount("5511900000001", "Ana Example");
        Ben = World.WhatsApp.AddAccount("5511900000002", "Ben Example");
        Shop = World.WhatsApp.AddAccount("5511900000099", "Shop");
    }

    public virtual async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        await Receiver.DisposeAsync();
        _timeout.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected virtual void Configure(Settings settings)
    {
    }

    /// <summary>Links the shop, whose session tells the receiver of events.</summary>
    private protected async Task LinkAsync(params JsonObject[] webhooks)
    {
        await World.LinkAsync("shop", Shop, Ct);
        if (webhooks.Length == 0) return;
        var config = new JsonObject { ["metadata"] = new JsonObject { ["user.id"] = "123" }, ["webhooks"] = new JsonArray([.. webhooks]) };
        using var response = await World.Api.PutAsync("/api/sessions/shop", new StringContent(new JsonObject { ["config"] = config }.ToJsonString(), null, "application/json"), Ct);
        Assert.Equal(200, (int)response.StatusCode);
        await World.WaitStatusAsync("shop", "WORKING", Ct);
    }

    private protected JsonObject Hook(string path, params string[] events) =>
        new() { ["url"] = new Uri(Receiver.Url, path).ToString(), ["events"] = new JsonArray([.. events.Select(name => (JsonNode)name)]), ["retries"] = new JsonObject { ["delaySeconds"] = 0, ["attempts"] = 15 } };
}
