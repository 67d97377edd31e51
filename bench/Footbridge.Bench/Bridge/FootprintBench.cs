using System.Globalization;
using Footbridge.SystemTests.Bridge;

namespace Footbridge.Bench.Bridge;

/// <summary>What the product costs before it does anything: time to start, memory idle and per linked session.</summary>
internal static class FootprintBench
{
    private const int Starts = 5;
    private const double MiB = 1024 * 1024;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);

    public static async Task StartAsync(CancellationToken ct)
    {
        var times = new List<double>();
        for (var i = 0; i < Starts; i++)
        {
            await using var rig = await BridgeRig.OpenAsync(ct);
            times.Add(rig.Product.StartTook.TotalSeconds);
        }

        times.Sort();
        var result = string.Create(CultureInfo.InvariantCulture, $"median {times[Starts / 2]:F2} s of {Starts} ({times[0]:F2} to {times[^1]:F2}), fresh data");
        BridgeBench.Print("start to first /ping", result, "2.5 s");
    }

    public static async Task MemoryAsync(CancellationToken ct)
    {
        await using var rig = await BridgeRig.OpenAsync(ct);
        var none = await RestingAsync(rig, ct);
        var with1 = await WithSessionsAsync(rig, 0, 1, ct);
        var with10 = await WithSessionsAsync(rig, 1, 10, ct);
        var with100 = await WithSessionsAsync(rig, 10, 100, ct);
        var idle = string.Create(CultureInfo.InvariantCulture, $"{none / MiB:F0} MiB; with 1, 10, 100 linked sessions {with1 / MiB:F0}, {with10 / MiB:F0}, {with100 / MiB:F0} MiB");
        BridgeBench.Print("memory at rest", idle, "217 MiB + Redis; 0.5 to 0.9 MiB a session");
        var each = string.Create(CultureInfo.InvariantCulture, $"the first {(with1 - none) / MiB:F1} MiB (its code is loaded), each further {(with10 - with1) / 9 / MiB:F2} MiB of 10, {(with100 - with1) / 99 / MiB:F2} MiB of 100");
        BridgeBench.Print("memory per linked session", each, "0.5 to 0.9 MiB");
    }

    private static async Task<double> WithSessionsAsync(BridgeRig rig, int from, int to, CancellationToken ct)
    {
        for (var i = from; i < to; i++)
        {
            var phone = rig.WhatsApp.AddAccount((5511800000000 + i).ToString(CultureInfo.InvariantCulture), $"Shop {i}");
            await rig.LinkAsync($"shop_{i}", phone, ct);
        }

        // As on an ordinary day: the sessions were linked some time ago, and the process has been started since.
        await rig.Product.KillAsync();
        await rig.Product.StartAsync(ct);
        await rig.Product.WaitStatusAsync($"shop_{to - 1}", "WORKING", ct);
        return await RestingAsync(rig, ct);
    }

    private static async Task<double> RestingAsync(BridgeRig rig, CancellationToken ct)
    {
        await Task.Delay(Settle, TimeProvider.System, ct);
        return rig.Product.ResidentBytes;
    }
}
