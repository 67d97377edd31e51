using System.Net;
using Footbridge.SystemTests.Bridge;

namespace Footbridge.SystemTests.Telemetry;

public sealed class TelemetryTests : IDisposable
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(90));

    private CancellationToken Ct => _timeout.Token;

    public void Dispose() => _timeout.Dispose();

    [Fact]
    public async Task A_message_is_one_trace_from_the_socket_to_chatwoots_answer_and_back()
    {
        await using var collector = await Collector.StartAsync(Ct);
        await using var rig = await BridgeRig.StartAsync(1, Ct, new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        });
        var customer = rig.Customers[0];
        var id = customer.SendText(rig.Shop.Number.User, "a secret question");
        await rig.Chatwoot.Store.WaitAsync(() => rig.Chatwoot.Store.Read((_, all) => all.Values.SelectMany(c => c.Messages).Any(m => m.SourceId == id)), Ct);
        var conversation = rig.Chatwoot.Store.Read((_, all) => all.Values.Single(c => c.Messages.Any(m => m.SourceId == id))).Id;
        await rig.Chatwoot.AgentReplyAsync(conversation, "a secret answer");
        while ((await customer.Incoming.ReadAsync(Ct)).Text != "a secret answer") { }

        // A job's span ends after all that hangs below it, and may come in a later parcel.
        var spans = await collector.WaitAsync(all => TraceOf(all, "receive message.any") is { } come && Names(all, come).Contains("chatwoot POST messages") && Names(all, come).Contains("job chatwoot.waha | message.any")
            && TraceOf(all, "receive callback") is { } go && Names(all, go).Contains("send to whatsapp") && Names(all, go).Contains("job chatwoot.inbox | message_created"), Ct);
        var inbound = TraceOf(spans, "receive message.any")!;
        Assert.Contains("job chatwoot.waha | message.any", Names(spans, inbound));
        var outbound = TraceOf(spans, "receive callback")!;
        Assert.Contains("job chatwoot.inbox | message_created", Names(spans, outbound));
        Assert.NotEqual(inbound, outbound);
        // Each span hangs below another of its trace, or below the message itself.
        var job = spans.Single(span => span.Name == "job chatwoot.waha | message.any");
        Assert.All(spans.Where(span => span.Trace == inbound && span.Name.StartsWith("chatwoot ", StringComparison.Ordinal)), span => Assert.Equal(job.Id, span.Parent));
        Assert.All(spans, span =>
        {
            var text = System.Text.Encoding.Latin1.GetString(span.Raw.Span);
            foreach (var secret in new[] { "secret", customer.Number.User, rig.Shop.Number.User, ProductProcess.ApiKey }) Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        });
        while (!collector.Metrics.ContainsKey("footbridge.job.attempts")) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
    }

    [Fact]
    public async Task Metrics_are_served_only_when_asked_for_and_count_jobs_by_queue_and_state()
    {
        await using var world = await World.StartAsync(Ct, configure: settings => settings.ServesMetrics = true);
        var shop = world.WhatsApp.AddAccount("5511900000099", "Shop");
        await world.LinkAsync("shop", shop, Ct);
        await world.ConnectChatwootAsync("shop", Ct);
        var id = world.WhatsApp.AddAccount("5511900000001", "Ana").SendText("5511900000099", "hello");
        await world.Chatwoot.Store.WaitAsync(() => world.Chatwoot.Store.Read((_, all) => all.Values.SelectMany(c => c.Messages).Any(m => m.SourceId == id)), Ct);
        using var stranger = new HttpClient(new SocketsHttpHandler()) { BaseAddress = world.Product.Url };
        string text;
        do text = await stranger.GetStringAsync(new Uri("/metrics", UriKind.Relative), Ct);
        while (!text.Contains("queue=\"chatwoot.waha | message.any\",state=\"completed\"} 1", StringComparison.Ordinal));
        Assert.Contains("queue=\"chatwoot.waha | message.any\",state=\"failed\"} 0", text, StringComparison.Ordinal);
        Assert.Matches("footbridge_job_attempts_total\\{[^}]*outcome=\"completed\",queue=\"chatwoot.waha \\| message.any\"} 1", text);
        Assert.Contains("footbridge_job_lane_wait_seconds_bucket", text, StringComparison.Ordinal);
        Assert.Contains("footbridge_job_duration_seconds_bucket", text, StringComparison.Ordinal);
        Assert.Matches("footbridge_sessions\\{[^}]*status=\"WORKING\"} 1", text);
        Assert.Matches("footbridge_ledger_pending\\{[^}]*direction=\"to_chatwoot\"} 0", text);
        Assert.Matches("footbridge_ledger_lag_seconds\\{[^}]*direction=\"to_whatsapp\"} 0", text);
        Assert.DoesNotContain("5511900000001", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_being_asked_for_metrics_are_not_there()
    {
        await using var world = await World.StartAsync(Ct);
        using var stranger = new HttpClient(new SocketsHttpHandler()) { BaseAddress = world.Product.Url };
        using var answer = await stranger.GetAsync(new Uri("/metrics", UriKind.Relative), Ct);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static string? TraceOf(IEnumerable<Span> spans, string name) => spans.FirstOrDefault(span => span.Name == name)?.Trace;

    private static IEnumerable<string> Names(IEnumerable<Span> spans, string trace) => spans.Where(span => span.Trace == trace).Select(span => span.Name);
}
