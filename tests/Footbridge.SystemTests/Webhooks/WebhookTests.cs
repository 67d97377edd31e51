using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Storage;
using Footbridge.SystemTests.Api;
using Microsoft.Extensions.DependencyInjection;

namespace Footbridge.SystemTests.Webhooks;

/// <summary>What receivers of events can rely on.</summary>
public sealed class WebhookTests : WebhookTest
{
    [Fact]
    public async Task A_message_is_told_in_wahas_envelope_signed_and_under_both_its_names()
    {
        var hook = Hook("/in?token=in-the-address", "message", "message.any");
        hook["hmac"] = new JsonObject { ["key"] = Key };
        hook["customHeaders"] = new JsonArray(
            new JsonObject { ["name"] = "X-Shop", ["value"] = "one" }, new JsonObject { ["name"] = "user-agent", ["value"] = "Mine/1" }, new JsonObject { ["name"] = "Content-Type", ["value"] = "text/plain" });
        await LinkAsync(hook);
        Ana.SendText(Shop.Number.User, "Olá & <tchau>");
        var calls = new[] { await Receiver.Calls.ReadAsync(Ct), await Receiver.Calls.ReadAsync(Ct) };
        Assert.Equal(["message", "message.any"], calls.Select(call => call.Event).Order(StringComparer.Ordinal));
        Assert.Equal(2, calls.Select(call => call.Json["id"]!.ToString()).Distinct().Count());
        foreach (var call in calls)
        {
            Assert.Equal(["id", "timestamp", "event", "session", "metadata", "me", "payload", "engine", "environment"], call.Json.Select(field => field.Key));
            Assert.Equal(("shop", "123", "5511900000099@c.us"), (call.Json["session"]!.ToString(), call.Json["metadata"]!["user.id"]!.ToString(), call.Json["me"]!["id"]!.ToString()));
            Assert.Equal(("Olá & <tchau>", "5511900000001@c.us", false), (call.Text, call.Json["payload"]!["from"]!.ToString(), call.Json["payload"]!["fromMe"]!.GetValue<bool>()));
            Assert.Contains("Olá & <tchau>", Encoding.UTF8.GetString(call.Body), StringComparison.Ordinal);
            Assert.Equal(("application/json", "Mine/1", "one", "sha512"), (call.Headers["Content-Type"], call.Headers["User-Agent"], call.Headers["X-Shop"], call.Headers["X-Webhook-Hmac-Algorithm"]));
            Assert.Equal(call.Json["timestamp"]!.ToString(), call.Headers["X-Webhook-Timestamp"]);
            Assert.Equal(Convert.ToHexStringLower(HMACSHA512.HashData(Encoding.UTF8.GetBytes(Key), call.Body)), call.Headers["X-Webhook-Hmac"]);
        }
    }

    [Fact]
    public async Task What_the_shop_writes_is_told_as_message_any_only_and_events_that_were_not_asked_for_are_not_told()
    {
        await LinkAsync(Hook("/in", "message", "message.any"));
        Shop.SendText(Ana.Number.User, "from the phone");
        Ana.SendText(Shop.Number.User, "answer");
        var names = new List<(string, string?)>();
        for (var i = 0; i < 3; i++)
        {
            var call = await Receiver.Calls.ReadAsync(Ct);
            names.Add((call.Event, call.Text));
        }

        Assert.Equal([("message", "answer"), ("message.any", "answer"), ("message.any", "from the phone")], names.Order());
    }

    [Fact]
    public async Task A_receiver_that_fails_gets_one_chats_events_in_order_and_other_chats_do_not_wait_for_it()
    {
        var fails = 4;
        Receiver.Answer = (_, body) => Task.FromResult(body["payload"]!["body"]!.ToString() == "1" && Interlocked.Decrement(ref fails) >= 0 ? 503 : 200);
        var hook = Hook("/in", "message");
        hook["retries"] = new JsonObject { ["policy"] = "constant", ["delaySeconds"] = 1, ["attempts"] = 15 };
        await LinkAsync(hook);
        for (var i = 1; i <= 3; i++) Ana.SendText(Shop.Number.User, $"{i}");
        Ben.SendText(Shop.Number.User, "Ben");
        var taken = new List<HookCall>();
        while (taken.Count(call => call.Status == 200) < 4) taken.Add(await Receiver.Calls.ReadAsync(Ct));
        Assert.Equal(["1", "2", "3"], taken.Where(call => call.Status == 200 && call.Text != "Ben").Select(call => call.Text));
        Assert.Equal(5, taken.Count(call => call.Text == "1"));
        Assert.Single(taken.Where(call => call.Text == "1").Select(call => call.Headers["X-Webhook-Request-Id"]).Distinct());
        Assert.Single(taken.Where(call => call.Text == "1").Select(call => Convert.ToHexString(call.Body)).Distinct());
        Assert.True(taken.FindIndex(call => call.Text == "Ben") < taken.FindIndex(call => call is { Text: "1", Status: 200 }));
    }

    [Fact]
    public async Task An_event_that_could_not_be_delivered_stays_on_the_job_pages_without_secrets_and_can_be_retried()
    {
        Receiver.Answer = (_, _) => Task.FromResult(500);
        var hook = Hook("/secret-path", "message");
        hook["hmac"] = new JsonObject { ["key"] = Key };
        hook["retries"] = new JsonObject { ["delaySeconds"] = 0, ["attempts"] = 2 };
        await LinkAsync(hook);
        Ana.SendText(Shop.Number.User, "hello");
        var id = (await Receiver.Calls.ReadAsync(Ct)).Headers["X-Webhook-Request-Id"];
        await FailedAsync(id);
        Assert.Equal(2, (await World.Product.Services.GetRequiredService<IJobMonitor>().JobAsync(id, Ct))!.Summary.Attempts);
        var (_, job) = await World.Api.GetAsync($"/jobs/queue/webhooks/{id}", 200, Ct);
        Assert.Equal("the receiver answered 500", job!["error"]!.ToString());
        var payload = Encoding.UTF8.GetString((await World.Product.Services.GetRequiredService<IJobMonitor>().JobAsync(id, Ct))!.Payload.Span);
        foreach (var secret in new[] { Key, "secret-path" }) Assert.DoesNotContain(secret, job.ToJsonString() + payload, StringComparison.Ordinal);
        Receiver.Answer = (_, _) => Task.FromResult(204);
        Assert.True(await World.Product.Services.GetRequiredService<JobQueue>().RetryAsync(id, atHead: false, Ct));
        Assert.Equal("hello", (await Receiver.NextAsync("message", Ct)).Text);
    }

    [Fact]
    public async Task Events_outlive_the_end_of_the_process()
    {
        var isUp = false;
        var refused = new TaskCompletionSource();
        Receiver.Answer = (_, _) =>
        {
            if (!isUp) refused.TrySetResult();
            return Task.FromResult(isUp ? 200 : 503);
        };
        var hook = Hook("/in", "message");
        hook["retries"] = new JsonObject { ["delaySeconds"] = 1, ["attempts"] = 100 };
        await LinkAsync(hook);
        for (var i = 1; i <= 5; i++) Ana.SendText(Shop.Number.User, $"{i}");
        await refused.Task.WaitAsync(Ct);
        await World.Product.DisposeAsync();
        isUp = true;
        await World.StartProductAsync(Ct);
        for (var i = 1; i <= 5; i++) Assert.Equal($"{i}", (await Receiver.NextAsync("message", Ct)).Text);
    }

    [Fact]
    public async Task A_receiver_that_hangs_does_not_keep_another_from_its_events()
    {
        var release = new TaskCompletionSource();
        var hanging = new ConcurrentBag<string>();
        Receiver.Answer = async (context, _) =>
        {
            if (context.Request.Path != "/slow") return 200;
            hanging.Add("");
            await release.Task;
            return 200;
        };
        await LinkAsync(Hook("/slow", "message"), Hook("/fast", "message"));
        Ana.SendText(Shop.Number.User, "a");
        Ben.SendText(Shop.Number.User, "b");
        Assert.Equal(["a", "b"], new[] { (await Receiver.NextAsync("message", Ct)).Text, (await Receiver.NextAsync("message", Ct)).Text }.Order(StringComparer.Ordinal));
        release.SetResult();
        for (var i = 0; i < 2; i++) Assert.Equal("/slow", (await Receiver.NextAsync("message", Ct)).Path);
    }

    [Fact]
    public async Task A_receiver_that_moved_gets_the_whole_event_at_its_new_place_without_the_headers_meant_for_the_old_one()
    {
        await using var other = await HookReceiver.StartAsync(Ct);
        Receiver.Answer = (context, _) =>
        {
            context.Response.Headers.Location = new Uri(other.Url, "/new").ToString();
            return Task.FromResult(308);
        };
        var hook = Hook("/old", "message");
        hook["customHeaders"] = new JsonArray(new JsonObject { ["name"] = "Authorization", ["value"] = "Bearer of-the-old-place" });
        await LinkAsync(hook);
        Ana.SendText(Shop.Number.User, "hello");
        var call = await other.NextAsync("message", Ct);
        Assert.Equal("hello", call.Text);
        Assert.DoesNotContain("Authorization", call.Headers.Keys);
        Assert.Equal("Bearer of-the-old-place", (await Receiver.Calls.ReadAsync(Ct)).Headers["Authorization"]);
    }

    [Fact]
    public async Task A_webhook_that_was_removed_gets_nothing_more_and_what_waited_for_it_is_dropped()
    {
        Receiver.Answer = (_, _) => Task.FromResult(503);
        var hook = Hook("/in", "message");
        hook["retries"] = new JsonObject { ["delaySeconds"] = 1, ["attempts"] = 1000 };
        await LinkAsync(hook);
        Ana.SendText(Shop.Number.User, "hello");
        var id = (await Receiver.Calls.ReadAsync(Ct)).Headers["X-Webhook-Request-Id"];
        await World.Api.ExpectAsync(HttpMethod.Put, "/api/sessions/shop", new JsonObject { ["config"] = new JsonObject() }, 200, Ct);
        await FailedAsync(id);
        await World.Product.Services.GetRequiredService<Settlements>().FlushAsync();
        Assert.Equal(DeliveryState.Dropped, World.Product.Services.GetRequiredService<Deliveries>().Find(id)!.State);
    }

    private async Task FailedAsync(string id)
    {
        var monitor = World.Product.Services.GetRequiredService<IJobMonitor>();
        while ((await monitor.JobAsync(id, Ct))?.Summary.State != JobState.Failed) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
    }
}
