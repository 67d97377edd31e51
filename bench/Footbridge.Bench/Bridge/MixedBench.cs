using System.Diagnostics;
using System.Globalization;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Phone;
using Footbridge.SystemTests.Bridge;
using SkiaSharp;

namespace Footbridge.Bench.Bridge;

/// <summary>Both directions at once, as people use it: 60 % texts, 25 % pictures of 40 kB, 15 % reactions, edits and read marks; 200 chats.</summary>
internal sealed class MixedBench : IDisposable
{
    private const int Chats = 200;
    private const int Steady = 2000;
    private const int BurstEach = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly byte[] Picture = Noise();
    private readonly BridgeRig _rig;
    private readonly Traffic _traffic;
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);
    private int _changesMade;
    private int _changesShown;
    private int _reactionsMade;
    private int _reactionsShown;

    private MixedBench(BridgeRig rig)
    {
        _rig = rig;
        _traffic = new(rig) { IsOwn = text => text.StartsWith("hello", StringComparison.Ordinal) || text.StartsWith("message", StringComparison.Ordinal) || text.StartsWith("answer", StringComparison.Ordinal) };
        rig.Chatwoot.Store.Added += Count;
    }

    public static async Task RunAsync(CancellationToken ct)
    {
        foreach (var (name, delay, faults) in new[] { ("5 ms", 5, false), ("200 ms", 200, false), ("5 ms and a tenth of its answers 500", 5, true) })
        {
            await using var rig = await BridgeRig.StartAsync(Chats, ct);
            using var bench = new MixedBench(rig);
            await bench._traffic.GreetAsync(ct);
            rig.Chatwoot.Faults.ResponseDelay = TimeSpan.FromMilliseconds(delay);
            if (faults) BreakTenth(rig);
            await bench.SteadyAsync($"mixed, Chatwoot answers in {name}: 100/s in and 10/s out", ct);
            await bench.BurstAsync($"mixed, Chatwoot answers in {name}: burst of {Chats} x {BurstEach} each way", ct);
        }
    }

    public void Dispose()
    {
        _rig.Chatwoot.Store.Added -= Count;
        _traffic.Dispose();
    }

    /// <summary>A JPEG of 640 x 480 that cannot be made much smaller.</summary>
    private static byte[] Noise()
    {
        var random = new Random(7);
        using var bitmap = new SKBitmap(640, 480);
        for (var y = 0; y < 480; y += 4) for (var x = 0; x < 640; x += 4) bitmap.Erase(new SKColor((uint)random.Next() | 0xFF000000), new(x, y, x + 4, y + 4));
        using var encoded = bitmap.Encode(SKEncodedImageFormat.Jpeg, 40);
        return encoded.ToArray();
    }

    private static void BreakTenth(BridgeRig rig)
    {
        var calls = 0;
        rig.Chatwoot.Faults.OnRequest = _ => Interlocked.Increment(ref calls) % 10 == 0 ? new ChatwootFault.Status(500) : null;
    }

    private async Task SteadyAsync(string name, CancellationToken ct)
    {
        var answering = new List<Task>();
        using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        for (var i = 0; i < Steady && await clock.WaitForNextTickAsync(ct); i++)
        {
            var customer = _rig.Customers[i % Chats];
            WriteIn(customer, i);
            if (i % 10 == 0) answering.Add(WriteOutAsync(customer, i / 10, "answer", ct));
        }

        await Task.WhenAll(answering);
        await PrintAsync(name, ct);
    }

    private async Task BurstAsync(string name, CancellationToken ct)
    {
        var writing = Task.Run(() =>
        {
            for (var i = 0; i < Chats * BurstEach; i++) WriteIn(_rig.Customers[i % Chats], Steady + i);
        }, ct);
        await Task.WhenAll(_rig.Customers.Select(async (customer, place) =>
        {
            for (var i = 0; i < BurstEach; i++) await WriteOutAsync(customer, (i * Chats) + place, "answer of the burst", ct);
        }));
        await writing;
        await PrintAsync(name, ct);
    }

    /// <summary>The kinds in a fixed order without a rhythm that the chats could share.</summary>
    private static int KindOf(int i) => (int)((uint)i * 2654435761 % 100);

    private void WriteIn(FakePhone customer, int i)
    {
        var (kind, shop, text) = (KindOf(i), _rig.Shop.Number.User, $"message {i}");
        if (kind < 60) _traffic.SendIn(customer, text);
        else if (kind < 85) _traffic.SendIn(customer, text, () => customer.Media.SendImage(shop, Picture, text));
        else if (kind < 95 && customer.Messages.LastOrDefault(m => m.IsFromMe && m.Text.StartsWith("message", StringComparison.Ordinal)) is { } own && _changed.Add(own.Id)) ChangeOwn(customer, own, kind);
        else if (customer.Messages.LastOrDefault(m => !m.IsFromMe) is { } read) customer.MarkRead(read);
    }

    private void ChangeOwn(FakePhone customer, PhoneMessage own, int kind)
    {
        Interlocked.Increment(ref _changesMade);
        if (kind < 90) customer.React(_rig.Shop.Number.User, own, "👍");
        else customer.Edit(_rig.Shop.Number.User, own, "(edited) " + own.Text, wraps: true);
    }

    private async Task WriteOutAsync(FakePhone customer, int i, string word, CancellationToken ct)
    {
        var kind = KindOf(i);
        if (kind < 60) await _traffic.SendOutAsync(customer, $"{word} {i}", ct);
        else if (kind < 85) await _traffic.SendOutAsync(customer, $"{word} {i}", [("picture.jpg", "image/jpeg", Picture)], ct);
        else await ReactAsync(customer);
    }

    /// <summary>An agent answers the customer's newest message with an emoji.</summary>
    private async Task ReactAsync(FakePhone customer)
    {
        var conversation = _traffic.ConversationOf(customer);
        var newest = _rig.Chatwoot.Store.Read((_, all) => all[conversation].Messages.LastOrDefault(m => m.Type == SimMessageType.Incoming && !m.IsPrivate));
        if (newest is null) return;
        Interlocked.Increment(ref _reactionsMade);
        await _rig.Chatwoot.AgentReplyAsync(conversation, "🙏", newest.Id);
    }

    private void Count(SimMessage message, SimConversation conversation)
    {
        if (message.ContentAttributes["in_reply_to"] is not null && (message.IsPrivate || message.Type == SimMessageType.Incoming)) Interlocked.Increment(ref _changesShown);
    }

    private async Task PrintAsync(string name, CancellationToken ct)
    {
        await _traffic.InboundDoneAsync(ct);
        await _traffic.OutboundDoneAsync(ct);
        var since = Stopwatch.GetTimestamp();
        while ((CountReactions() < _reactionsMade || Volatile.Read(ref _changesShown) < _changesMade) && Stopwatch.GetElapsedTime(since) < Patience) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
        BridgeBench.Print(name + ", in", _traffic.Inbound().ToString(), "");
        var changes = string.Create(CultureInfo.InvariantCulture, $"{_changesMade} changes by customers, {_changesShown} shown; {_reactionsMade} reactions of agents, {_reactionsShown} arrived");
        BridgeBench.Print(name + ", out", $"{_traffic.Outbound()}; {changes}", "");
        _traffic.Restart();
    }

    private int CountReactions() => _reactionsShown = _rig.Customers.Sum(customer => customer.Messages.Count(m => !m.IsFromMe && m.Content.ReactionMessage is not null));
}
