using System.Globalization;
using Footbridge.Protocol.Generated;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Phone;
using Footbridge.SystemTests.Bridge;

namespace Footbridge.Bench.Bridge;

/// <summary>An import of the past by REST while customers of the same chats go on writing: how fast it is, and what the living notice of it.</summary>
internal sealed class ImportBench : IDisposable
{
    private const int LiveChats = 200;
    private const int GivenAtOnce = 50;
    private const int LivePerSecond = 50;
    private readonly BridgeRig _rig;
    private readonly Traffic _traffic;
    private readonly int _each;
    private readonly HashSet<string> _imported = new(StringComparer.Ordinal);
    private int _arrived;

    private ImportBench(BridgeRig rig, int each)
    {
        (_rig, _each) = (rig, each);
        _traffic = new(rig) { IsOwn = text => text.StartsWith("hello", StringComparison.Ordinal) || text.StartsWith("live", StringComparison.Ordinal) };
        rig.Chatwoot.Store.Added += Count;
    }

    private int Past => _rig.Customers.Count * _each;

    /// <param name="chats">Chats with a past; in the first <see cref="LiveChats"/> of them people write meanwhile.</param>
    /// <param name="each">Messages of each.</param>
    public static async Task RunAsync(int chats, int each, CancellationToken ct)
    {
        var (rig, traffic) = await BridgeBench.PrepareAsync(chats, ct);
        await using var _ = rig;
        traffic.Dispose();
        using var bench = new ImportBench(rig, each);
        await bench.GiveAsync(ct);
        await bench.MeasureAsync(ct);
    }

    public void Dispose()
    {
        _rig.Chatwoot.Store.Added -= Count;
        _traffic.Dispose();
    }

    private async Task MeasureAsync(CancellationToken ct)
    {
        var cost = _rig.Product.ProcessorTime;
        var began = TimeProvider.System.GetTimestamp();
        await _rig.Chatwoot.AgentReplyAsync(_rig.Chatwoot.Integration!.Id, "messages pull");
        var (peak, live) = (0L, 0);
        using (var clock = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / LivePerSecond), TimeProvider.System))
        {
            while (!IsOver() && await clock.WaitForNextTickAsync(ct))
            {
                _traffic.SendIn(_rig.Customers[live % Math.Min(LiveChats, _rig.Customers.Count)], $"live {live++}");
                if (live % LivePerSecond == 0) peak = Math.Max(peak, _rig.Product.ResidentBytes);
            }
        }

        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        cost = _rig.Product.ProcessorTime - cost;
        await _traffic.InboundDoneAsync(ct);
        BridgeBench.Print(
            $"import of {Past} messages of {_rig.Customers.Count} chats, {LivePerSecond}/s live meanwhile",
            string.Create(CultureInfo.InvariantCulture, $"{_imported.Count} there, {_arrived - _imported.Count} doubled, {Past / seconds:F0}/s in {seconds:F0} s, {cost.TotalMilliseconds / (Past + live):F2} ms of CPU a message, memory {peak / 1048576.0:F0} MiB at most"),
            "");
        BridgeBench.Print("the live messages meanwhile", _traffic.Inbound().ToString(), "");
    }

    private bool IsOver() => _rig.Chatwoot.Store.Read((_, _) => _rig.Chatwoot.Integration!.Messages.Any(m => m.Content?.StartsWith("💬✅", StringComparison.Ordinal) == true));

    private void Count(SimMessage message, SimConversation conversation)
    {
        if (message.SourceId?.StartsWith("PAST", StringComparison.Ordinal) != true) return;
        lock (_imported)
        {
            _arrived++;
            _imported.Add(message.SourceId);
        }
    }

    /// <summary>The phone tells of the past, some chats at a time, and all of it is in the archive.</summary>
    private async Task GiveAsync(CancellationToken ct)
    {
        var device = _rig.WhatsApp.FindDevice(_rig.Shop.Number with { Device = 1 })!;
        foreach (var some in _rig.Customers.Chunk(GivenAtOnce))
        {
            var sync = new HistorySync { SyncType = HistorySync.Types.HistorySyncType.Recent };
            foreach (var customer in some)
            {
                sync.Conversations.Add(PhoneHistory.Chat(customer.Number, PastOf(customer)));
                sync.PhoneNumberToLidMappings.Add(new PhoneNumberToLIDMapping { PnJid = customer.Number.ToString(), LidJid = customer.Lid.ToString() });
            }

            _rig.Shop.History.Give(device, sync, isInline: false);
            await WaitForAsync(some[^1], ct);
        }
    }

    private IEnumerable<WebMessageInfo> PastOf(FakePhone customer)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        return Enumerable.Range(0, _each).Select(i => PhoneHistory.Text(
            customer.Number, string.Create(CultureInfo.InvariantCulture, $"PAST{customer.Number.User}N{i}"), isFromMe: false, now - 3600 - (_each - i) * 30, $"past {i}"));
    }

    private async Task WaitForAsync(FakePhone customer, CancellationToken ct)
    {
        var address = $"/api/{BridgeRig.Session}/chats/{customer.Number.User}@c.us/messages?limit={_each + 10}&downloadMedia=false";
        while ((await _rig.Product.SendAsync(HttpMethod.Get, address, null, ct))!.AsArray().Count < _each) await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, ct);
    }
}
