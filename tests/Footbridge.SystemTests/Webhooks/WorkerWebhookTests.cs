using System.Globalization;
using System.Text.Json.Nodes;
using Footbridge.Server.Config;
using Footbridge.Server.Workers;
using Footbridge.SystemTests.Jobs;

namespace Footbridge.SystemTests.Webhooks;

/// <summary>Webhooks of a worker that has no database.</summary>
public sealed class WorkerWebhookTests : WebhookTest
{
    private RedisServer _redis = null!;

    public override async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _redis.DisposeAsync();
    }

    private protected override void Configure(Settings settings)
    {
        settings.RedisUrl = string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{_redis.Port}/0");
        settings.WorkerKey = "a-key-for-workers-under-test";
        settings.Roles = Roles.Api | Roles.Session;
    }

    [Fact]
    public async Task Another_process_delivers_with_the_key_and_the_headers_that_only_the_api_knows()
    {
        var hook = Hook("/in", "message");
        hook["hmac"] = new JsonObject { ["key"] = Key };
        hook["customHeaders"] = new JsonArray(new JsonObject { ["name"] = "X-Shop", ["value"] = "one" });
        await LinkAsync(hook);
        var settings = World.Settings();
        (settings.Roles, settings.ApiUrl) = (Roles.Worker, World.Product.Url);
        await using var worker = await WorkerProcess.StartAsync(settings, TimeProvider.System, Ct);
        Ana.SendText(Shop.Number.User, "hello");
        var call = await Receiver.NextAsync("message", Ct);
        Assert.Equal(("hello", "one", 128), (call.Text, call.Headers["X-Shop"], call.Headers["X-Webhook-Hmac"].Length));
    }
}
