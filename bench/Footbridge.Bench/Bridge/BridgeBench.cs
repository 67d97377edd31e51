using System.Globalization;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.SystemTests.Bridge;

namespace Footbridge.Bench.Bridge;

/// <summary>The whole product beside a Chatwoot that takes 5 ms for each answer; one line a measure, the reference's figure beside it.</summary>
internal static class BridgeBench
{
    private static readonly TimeSpan Answer = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    private static readonly Dictionary<string, Func<CancellationToken, Task>> Measures = new(StringComparer.Ordinal)
    {
        ["burst20"] = ct => BurstAsync(20, "123 to 165/s, 582 of 1,000 out of order", ct),
        ["burst200"] = ct => BurstAsync(200, "314 to 347/s, p99 10 to 12 s", ct),
        ["steady"] = ct => SteadyAsync(answersPerSecond: 0, "p50 6 ms, p99 1,380 ms", ct),
        ["answers"] = ct => SteadyAsync(answersPerSecond: 10, "p99 11 to 29 s, out of order", ct),
        ["outbound"] = ct => OutboundAsync(20, "9/s, 341 of 1,000 out of order", ct),
        ["outbound200"] = ct => OutboundAsync(200, "22/s", ct),
        ["mixed"] = MixedBench.RunAsync,
        ["import"] = ct => ImportBench.RunAsync(200, 50, ct),
        ["import100k"] = ct => ImportBench.RunAsync(1000, 100, ct),
        ["webhook"] = WebhookBench.RunAsync,
        ["kill"] = KillAsync,
        ["down"] = DownAsync,
        ["backlog"] = BacklogBench.RunAsync,
        ["start"] = FootprintBench.StartAsync,
        ["memory"] = FootprintBench.MemoryAsync,
    };

    public static async Task<int> RunAsync(string[] names)
    {
        foreach (var name in names.Length == 0 ? [.. Measures.Keys] : names)
        {
            if (!Measures.TryGetValue(name, out var measure))
            {
                Console.WriteLine($"measures: {string.Join(' ', Measures.Keys)}");
                return 2;
            }

            using var timeout = new CancellationTokenSource(Limit);
            await measure(timeout.Token);
        }

        return 0;
    }

    public static void Print(string measure, string result, string reference) => Console.WriteLine($"| {measure} | {result} | {reference} |");

    /// <summary>A rig whose chats are known on both sides and whose Chatwoot takes its time.</summary>
    public static async Task<(BridgeRig Rig, Traffic Traffic)> PrepareAsync(int customers, CancellationToken ct)
    {
        var rig = await BridgeRig.StartAsync(customers, ct);
        var traffic = new Traffic(rig);
        await traffic.GreetAsync(ct);
        rig.Chatwoot.Faults.ResponseDelay = Answer;
        return (rig, traffic);
    }

    private static async Task BurstAsync(int chats, string reference, CancellationToken ct)
    {
        var (rig, traffic) = await PrepareAsync(chats, ct);
        await using var _ = rig;
        using var __ = traffic;
        rig.Chatwoot.WebhookUrl = null; // the reference's Chatwoot made no callbacks either
        await BurstAsync(rig, traffic, $"inbound burst {chats} chats x 50, just started", reference, ct);
        traffic.Restart();
        await BurstAsync(rig, traffic, $"inbound burst {chats} chats x 50, once more", reference, ct);
    }

    private static async Task BurstAsync(BridgeRig rig, Traffic traffic, string name, string reference, CancellationToken ct)
    {
        var (ours, theirs) = (rig.Product.ProcessorTime, Environment.CpuUsage.TotalTime);
        await Task.Run(() => WriteIn(rig, traffic, 50), ct);
        await traffic.InboundDoneAsync(ct);
        var messages = traffic.Inbound().Sent;
        Print(name, $"{traffic.Inbound()}; {Cpu(rig, ours, theirs, messages)}", reference);
    }

    private static string Cpu(BridgeRig rig, TimeSpan ours, TimeSpan theirs, int messages)
    {
        var (cost, simulators) = ((rig.Product.ProcessorTime - ours) / messages, (Environment.CpuUsage.TotalTime - theirs) / messages);
        return string.Create(CultureInfo.InvariantCulture, $"CPU a message {cost.TotalMilliseconds:F2} ms, of both simulators {simulators.TotalMilliseconds:F2} ms");
    }

    private static void WriteIn(BridgeRig rig, Traffic traffic, int each)
    {
        for (var i = 0; i < each; i++)
        {
            foreach (var customer in rig.Customers) traffic.SendIn(customer, $"message {i}");
        }
    }

    private static async Task SteadyAsync(int answersPerSecond, string reference, CancellationToken ct)
    {
        const int Messages = 2000;
        var (rig, traffic) = await PrepareAsync(200, ct);
        await using var _ = rig;
        using var __ = traffic;
        if (answersPerSecond == 0) rig.Chatwoot.WebhookUrl = null;
        var answering = new List<Task>();
        using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        for (var i = 0; i < Messages && await clock.WaitForNextTickAsync(ct); i++)
        {
            traffic.SendIn(rig.Customers[i % rig.Customers.Count], $"message {i}");
            if (answersPerSecond > 0 && i % (100 / answersPerSecond) == 0) answering.Add(traffic.SendOutAsync(rig.Customers[i % rig.Customers.Count], $"answer {i}", ct));
        }

        await traffic.InboundDoneAsync(ct);
        await Task.WhenAll(answering);
        await traffic.OutboundDoneAsync(ct);
        Print(answersPerSecond == 0 ? "inbound steady 100/s over 200 chats" : "the same while agents answer 10/s", traffic.Inbound().ToString(), reference);
        if (answersPerSecond > 0) Print("the answers meanwhile", traffic.Outbound().ToString(), "p50 3.3 s, p99 10.3 s");
    }

    private static async Task OutboundAsync(int conversations, string reference, CancellationToken ct)
    {
        var (rig, traffic) = await PrepareAsync(conversations, ct);
        await using var _ = rig;
        using var __ = traffic;
        var (ours, theirs) = (rig.Product.ProcessorTime, Environment.CpuUsage.TotalTime);
        await Task.WhenAll(rig.Customers.Select(async customer =>
        {
            for (var i = 0; i < 50; i++) await traffic.SendOutAsync(customer, $"answer {i}", ct);
        }));
        await traffic.OutboundDoneAsync(ct);
        var messages = traffic.Outbound().Sent;
        Print($"outbound {conversations} conversations x 50", $"{traffic.Outbound()}; {Cpu(rig, ours, theirs, messages)}", reference);
    }

    private static async Task KillAsync(CancellationToken ct)
    {
        var (rig, traffic) = await PrepareAsync(20, ct);
        await using var _ = rig;
        using var __ = traffic;
        rig.Chatwoot.WebhookUrl = null;
        var writing = Task.Run(() => WriteIn(rig, traffic, 50), ct);
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, ct);
        await rig.Product.KillAsync();
        await writing;
        var began = TimeProvider.System.GetTimestamp();
        await rig.Product.StartAsync(ct);
        await traffic.InboundDoneAsync(ct);
        var took = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        Print("kill -9 in a burst 20 x 50", string.Create(CultureInfo.InvariantCulture, $"{traffic.Inbound()}; all there {took:F1} s after the restart began"), "20 doubled, stalls of 20 and 65 s");
    }

    private static async Task DownAsync(CancellationToken ct)
    {
        foreach (var (name, fault, reference) in new (string, ChatwootFault?, string)[]
        {
            ("503", new ChatwootFault.Status(503), "318 of 1,000 lost, silently"), ("refused", null, "302 of 1,000 lost, silently"), ("reset", new ChatwootFault.Reset(), "0 lost, p99 87 s"),
        })
        {
            var (rig, traffic) = await PrepareAsync(20, ct);
            await using var _ = rig;
            using var __ = traffic;
            await OutageAsync(rig, traffic, fault, ct);
            Print($"Chatwoot down 20 s ({name}), 20 x 50 at 20/s", traffic.Inbound().ToString(), reference);
        }
    }

    private static async Task OutageAsync(BridgeRig rig, Traffic traffic, ChatwootFault? fault, CancellationToken ct)
    {
        using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        for (var i = 0; i < 1000 && await clock.WaitForNextTickAsync(ct); i++)
        {
            if (i == 200) await GoDownAsync(rig, fault, ct);
            if (i == 600) await ComeBackAsync(rig, ct);
            traffic.SendIn(rig.Customers[i % 20], $"message {i}");
        }

        await traffic.InboundDoneAsync(ct);
    }

    private static Task GoDownAsync(BridgeRig rig, ChatwootFault? fault, CancellationToken ct)
    {
        rig.Chatwoot.Faults.Down = fault;
        return fault is null ? rig.Chatwoot.StopListeningAsync(ct) : Task.CompletedTask;
    }

    private static async Task ComeBackAsync(BridgeRig rig, CancellationToken ct)
    {
        if (rig.Chatwoot.Faults.Down is null) await rig.Chatwoot.ListenAgainAsync(ct);
        rig.Chatwoot.Faults.Down = null;
    }
}
