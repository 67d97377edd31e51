using System.Diagnostics;
using System.Globalization;
using System.Text;
using Footbridge.Simulator.Chatwoot.Webhooks;

namespace Footbridge.Bench.Bridge;

/// <summary>How fast Chatwoot's callbacks are answered: 1,000 a second, up to 100 at once, each a durable job that really runs.</summary>
internal static class WebhookBench
{
    private const int Callbacks = 5000;
    private const int PerTick = 10;
    private const int AtOnce = 100;

    public static async Task RunAsync(CancellationToken ct)
    {
        var (rig, traffic) = await BridgeBench.PrepareAsync(200, ct);
        await using var _ = rig;
        using var __ = traffic;
        rig.Chatwoot.WebhookUrl = null;
        var bodies = await BodiesAsync(rig, traffic);
        var (answers, refused) = (new List<double>(), 0);
        using var room = new SemaphoreSlim(AtOnce);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = AtOnce });
        var calls = new List<Task>();
        var began = Stopwatch.GetTimestamp();
        using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(PerTick), TimeProvider.System);
        for (var i = 0; i < bodies.Count && await clock.WaitForNextTickAsync(ct); i += PerTick)
        {
            foreach (var body in bodies.Skip(i).Take(PerTick)) calls.Add(CallAsync(body));
        }

        await Task.WhenAll(calls);
        var rate = Callbacks / Stopwatch.GetElapsedTime(began).TotalSeconds;
        answers.Sort();
        var result = string.Create(CultureInfo.InvariantCulture, $"p50 {answers[Callbacks / 2]:F1} ms, p99 {answers[Callbacks * 99 / 100]:F1} ms at {rate:F0}/s, {refused} refused");
        BridgeBench.Print("webhook answer, 1,000/s, up to 100 at once", result, "12.5 / 33 ms at 567/s");

        async Task CallAsync(byte[] body)
        {
            await room.WaitAsync(ct);
            var sent = Stopwatch.GetTimestamp();
            using var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
            using var response = await http.PostAsync(rig.WebhookUrl, content, ct);
            lock (answers)
            {
                answers.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                if (!response.IsSuccessStatusCode) refused++;
            }

            room.Release();
        }
    }

    /// <summary>The callbacks Chatwoot would make, made beforehand.</summary>
    private static async Task<List<byte[]>> BodiesAsync(SystemTests.Bridge.BridgeRig rig, SystemTests.Bridge.Traffic traffic)
    {
        var bodies = new List<byte[]>(Callbacks);
        for (var i = 0; i < Callbacks; i++)
        {
            var conversation = traffic.ConversationOf(rig.Customers[i % rig.Customers.Count]);
            var id = await rig.Chatwoot.AgentReplyAsync(conversation, $"answer {i}");
            var body = rig.Chatwoot.Store.Read((_, all) => WebhookShapes.Message("message_created", rig.Chatwoot.Store.FindMessage(id)!, all[conversation], rig.Chatwoot.Store.Inboxes()[0]));
            bodies.Add(Encoding.UTF8.GetBytes(body.ToJsonString()));
        }

        return bodies;
    }
}
