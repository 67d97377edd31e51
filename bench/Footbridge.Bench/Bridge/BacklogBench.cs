using System.Globalization;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.SystemTests.Bridge;

namespace Footbridge.Bench.Bridge;

/// <summary>What an outage of Chatwoot costs: the memory of the product while messages queue up, and how fast they go when it is back.</summary>
internal static class BacklogBench
{
    private const int Chats = 200;

    public static async Task RunAsync(CancellationToken ct)
    {
        foreach (var each in new[] { 50, 150 }) await RunAsync(each, ct);
    }

    private static async Task RunAsync(int each, CancellationToken ct)
    {
        var (rig, traffic) = await BridgeBench.PrepareAsync(Chats, ct);
        await using var _ = rig;
        using var __ = traffic;
        var before = rig.Product.ResidentBytes;
        rig.Chatwoot.Faults.Down = new ChatwootFault.Status(503);
        for (var i = 0; i < each; i++)
        {
            foreach (var customer in rig.Customers) traffic.SendIn(customer, $"message {i}");
        }

        var peak = before;
        while (await PendingAsync(rig, ct) < Chats * each)
        {
            peak = Math.Max(peak, rig.Product.ResidentBytes);
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, ct);
        }

        peak = Math.Max(peak, rig.Product.ResidentBytes);
        rig.Chatwoot.Faults.Down = null;
        var began = TimeProvider.System.GetTimestamp();
        await traffic.InboundDoneAsync(ct);
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        var (done, after) = (traffic.Inbound(), rig.Product.ResidentBytes);
        BridgeBench.Print(
            $"{Chats * each} messages queue up while Chatwoot is down",
            string.Create(CultureInfo.InvariantCulture, $"{done.Lost} lost, {done.Doubled} doubled, {done.OutOfOrder} out of order; memory {Mebibytes(before)} before, {Mebibytes(peak)} at most meanwhile, {Mebibytes(after)} afterwards; all there {seconds:F1} s after it is back"),
            "");
    }

    private static async Task<long> PendingAsync(BridgeRig rig, CancellationToken ct) =>
        (await rig.Product.SendAsync(HttpMethod.Get, $"/api/apps/app_{BridgeRig.Session}/reconciliation", null, ct))!["toChatwoot"]!["pending"]!.GetValue<long>();

    private static string Mebibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:F0} MiB");
}
