using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.Bench.Engine;

/// <summary>The engine beside npm's baileys: the same simulator, the same work, each in a process of its own, in turns.</summary>
/// <remarks>Compared by processor time, which the simulator's own work on the same two cores does not change; wall times stand beside it.</remarks>
internal static class EngineBench
{
    private const int Rounds = 5;
    private const int Messages = 2000;
    private const int Sends = 1000;
    private const int GroupSends = 200;
    private const int Members = 100;
    private const int Connects = 50;
    private const int Customers = 20;
    private const int Parallel = 8;
    private const double MiB = 1024 * 1024;
    private static readonly int[] IdleSizes = [10, 100, 1000];
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdleSpan = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(string[] args)
    {
        if (MeasuredClient.WhatIsMissing() is { } missing)
        {
            Console.WriteLine(missing);
            return 1;
        }

        var ct = CancellationToken.None;
        Console.WriteLine($"{TimeProvider.System.GetLocalNow():yyyy-MM-dd HH:mm}, {Environment.ProcessorCount} cores, .NET {Environment.Version}");
        if (args.Length == 0 || args.Contains("work")) await WorkAsync(ct);
        var sizes = IdleSizes.Where(size => args.Length == 0 || args.Contains(size.ToString(CultureInfo.InvariantCulture)));
        foreach (var size in sizes) await IdleAsync(size, ct);
        return 0;
    }

    private static async Task WorkAsync(CancellationToken ct)
    {
        await using var whatsApp = await WhatsAppSimulator.StartAsync(new() { Records = false }, TimeProvider.System, ct);
        var customers = Enumerable.Range(0, Customers).Select(i => whatsApp.AddAccount(Digits(i), $"Customer {i}")).ToList();
        await using var own = MeasuredClient.StartOwn(whatsApp);
        await using var peer = MeasuredClient.StartBaileys(whatsApp);
        var contenders = new[] { (Client: own, Phone: whatsApp.AddAccount(Digits(900), "Own")), (Client: peer, Phone: whatsApp.AddAccount(Digits(901), "Peer")) };
        foreach (var (client, phone) in contenders) await client.LinkAsync(phone, ct);
        var members = customers.Concat(Enumerable.Range(100, Members - Customers - 1).Select(i => whatsApp.AddAccount(Digits(i), $"Member {i}"))).Select(m => m.Number.User).ToArray();
        var groups = contenders.ToDictionary(c => c.Phone, c => c.Phone.Groups.Create("Bench", members));
        Jid GroupOf(FakePhone phone) => groups[phone];
        await CompareAsync("receive 1:1", Messages, contenders, (client, phone) => ReceiveAsync(client, phone, customers, ct));
        await CompareAsync("send 1:1", Sends, contenders, (client, phone) => SendAsync(client, phone, customers, ct));
        await CompareAsync($"send, group {Members}", GroupSends, contenders, (client, phone) => SendToGroupAsync(client, phone, GroupOf(phone), ct));
        await CompareAsync("connect", Connects, contenders, (client, phone) => ReconnectAsync(client, phone, ct));
    }

    /// <summary>Rounds in turns; the first, in which both compile their code, counts for neither.</summary>
    private static async Task CompareAsync(string what, int count, (MeasuredClient Client, FakePhone Phone)[] contenders, Func<MeasuredClient, FakePhone, Task> work)
    {
        var cpu = contenders.ToDictionary(c => c.Client, _ => new List<double>());
        var wall = contenders.ToDictionary(c => c.Client, _ => new List<double>());
        for (var round = 0; round <= Rounds; round++)
        {
            foreach (var (client, phone) in contenders)
            {
                var (before, began) = (client.Cpu, Stopwatch.GetTimestamp());
                await work(client, phone);
                if (round == 0) continue;
                wall[client].Add(count / Stopwatch.GetElapsedTime(began).TotalSeconds);
                cpu[client].Add(count / (client.Cpu - before).TotalSeconds);
            }
        }

        foreach (var (client, _) in contenders) Console.WriteLine(Text($"{what,-16} {client.Name,-20} {Median(cpu[client]),8:F0} per core second, {Median(wall[client]),8:F0} per second"));
        Console.WriteLine(Text($"{what,-16} ratio                {Median(cpu[contenders[0].Client]) / Median(cpu[contenders[1].Client]):F1}"));
    }

    private static async Task ReceiveAsync(MeasuredClient client, FakePhone phone, List<FakePhone> customers, CancellationToken ct)
    {
        var received = client.RunAsync(phone.Number.User, "receive", ct, new() { ["count"] = Messages });
        for (var i = 0; i < Messages; i++) customers[i % customers.Count].SendText(phone.Number.User, $"text {i}");
        await received;
    }

    private static Task SendAsync(MeasuredClient client, FakePhone phone, List<FakePhone> customers, CancellationToken ct) =>
        client.RunAsync(phone.Number.User, "send", ct, new() { ["count"] = Sends, ["parallel"] = Parallel, ["to"] = new JsonArray([.. customers.Select(c => (JsonNode)c.Number.ToString())]) });

    private static Task SendToGroupAsync(MeasuredClient client, FakePhone phone, Jid group, CancellationToken ct) =>
        client.RunAsync(phone.Number.User, "send", ct, new() { ["count"] = GroupSends, ["parallel"] = 1, ["to"] = new JsonArray(group.ToString()) });

    private static async Task ReconnectAsync(MeasuredClient client, FakePhone phone, CancellationToken ct)
    {
        for (var i = 0; i < Connects; i++)
        {
            await client.RunAsync(phone.Number.User, "disconnect", ct);
            await client.RunAsync(phone.Number.User, "connect", ct);
        }
    }

    private static async Task IdleAsync(int sessions, CancellationToken ct)
    {
        await using var whatsApp = await WhatsAppSimulator.StartAsync(new() { Records = false, IsEverybodyAcquainted = false }, TimeProvider.System, ct);
        await using var own = MeasuredClient.StartOwn(whatsApp);
        await using var peer = MeasuredClient.StartBaileys(whatsApp);
        var each = new List<double>();
        foreach (var client in new[] { own, peer })
        {
            // One account first: what it adds is the code and not the session.
            await client.LinkAsync(whatsApp.AddAccount(Digits(client == own ? 5000 : 6000), "First"), ct);
            var first = await RestingAsync(client, ct);
            for (var i = 1; i < sessions; i++) await client.LinkAsync(whatsApp.AddAccount(Digits((client == own ? 5000 : 6000) + i), $"Shop {i}"), ct);
            var all = await RestingAsync(client, ct);
            var before = client.Cpu;
            await Task.Delay(IdleSpan, TimeProvider.System, ct);
            var cpu = (client.Cpu - before).TotalMilliseconds / IdleSpan.TotalMinutes / sessions;
            each.Add((all - first) / (sessions - 1));
            Console.WriteLine(Text($"idle {sessions,5}     {client.Name,-20} {all / MiB:F0} MiB in all, {each[^1] / 1024:F0} KiB a session, {cpu:F1} ms of processor a session and minute"));
        }

        Console.WriteLine(Text($"idle {sessions,5}     ratio                {each[0] / each[1]:F2} of the memory a session"));
    }

    private static async Task<double> RestingAsync(MeasuredClient client, CancellationToken ct)
    {
        await client.RunAsync("", "collect", ct);
        await Task.Delay(Settle, TimeProvider.System, ct);
        await client.RunAsync("", "collect", ct);
        return client.Bytes;
    }

    private static string Digits(int number) => (5511700000000 + number).ToString(CultureInfo.InvariantCulture);

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
