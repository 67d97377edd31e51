using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.Simulator.Chatwoot.State;
using Microsoft.Extensions.DependencyInjection;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>An import beside the messages of the moment, in a Chatwoot that limits requests.</summary>
public sealed class BulkTests : ChatwootTest
{
    private const int Chats = 20;
    private const int Each = 40;

    [Fact]
    public async Task An_import_never_delays_live_messages_and_every_429_is_obeyed()
    {
        await AnaWritesAsync("hello");
        var (arrived, refusals, early, pausedUntil, requests) = (new ConcurrentDictionary<string, long>(), 0, 0, 0L, 0);
        Chatwoot.Store.Added += (message, _) => arrived.TryAdd(message.SourceId ?? "", Stopwatch.GetTimestamp());
        Chatwoot.Faults.OnRequest = _ =>
        {
            var now = Stopwatch.GetTimestamp();
            // Requests that were on their way with the refused one come within a moment of it.
            if (now < Volatile.Read(ref pausedUntil) && now > Volatile.Read(ref pausedUntil) - (Stopwatch.Frequency / 2)) Interlocked.Increment(ref early);
            if (Interlocked.Increment(ref requests) % 200 != 0) return null;
            Interlocked.Increment(ref refusals);
            Volatile.Write(ref pausedUntil, now + Stopwatch.Frequency);
            return new ChatwootFault.Status(429, 1);
        };
        foreach (var delivery in Import()) await World.Product.Services.GetRequiredService<Ledger>().AcceptAsync(delivery, Ct);
        var sent = new List<(string Id, long At)>();
        using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        while (sent.Count < 60 && await clock.WaitForNextTickAsync(Ct)) sent.Add((Ana.SendText(Shop.Number.User, $"live {sent.Count}"), Stopwatch.GetTimestamp()));
        await ArrivedAsync(sent[^1].Id);
        Assert.True(arrived.Count < Chats * Each, "the import was over before it could be in the way");
        var latencies = sent.Select(message => Stopwatch.GetElapsedTime(message.At, arrived[message.Id])).Order().ToList();
        Assert.True(latencies[(int)(latencies.Count * 0.95)] < TimeSpan.FromSeconds(2), $"p95 {latencies[(int)(latencies.Count * 0.95)]}");
        Assert.True(refusals > 0 && early == 0, $"{refusals} refusals, {early} requests during their pauses");
        await Chatwoot.Store.WaitAsync(() => Chatwoot.Store.Read((_, all) => all.Values.Sum(c => c.Messages.Count(m => m.Content?.StartsWith("old ", StringComparison.Ordinal) ?? false))) == Chats * Each, Ct);
        foreach (var conversation in Chatwoot.Store.Read((_, all) => all.Values.Where(c => c.Messages.Any(m => m.Content?.StartsWith("old", StringComparison.Ordinal) ?? false)).ToList()))
        {
            Assert.Equal(Enumerable.Range(0, Each).Select(i => $"old {i}"), Chatwoot.MessagesOf(conversation).Where(m => m.Type == SimMessageType.Incoming).Select(m => m.Content));
        }
    }

    [Fact]
    public async Task A_conversation_that_chatwoot_calls_full_waits_and_uses_up_no_try()
    {
        await AnaWritesAsync("hello");
        var refused = 0;
        Chatwoot.Faults.OnRequest = request => request.Method == "POST" && Interlocked.Increment(ref refused) == 1 ? new ChatwootFault.TooManyMessages() : null;
        var began = Stopwatch.GetTimestamp();
        await AnaWritesAsync("one more");
        Assert.True(Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(9));
        Assert.DoesNotContain(Chatwoot.MessagesOf(Chatwoot.ConversationOf(Customer)!), m => m.IsPrivate);
    }

    private static IEnumerable<Delivery> Import() =>
        from i in Enumerable.Range(0, Each)
        from chat in Enumerable.Range(0, Chats)
        let phone = $"5511960000{chat:D3}"
        let told = new PublicEvent($"evt_{chat}_{i}", 0, PublicEvent.MessageAny, "shop", null, new JsonObject { ["id"] = $"false_{phone}@c.us_OLD{chat}X{i}", ["fromMe"] = false, ["body"] = $"old {i}" }) { ChatPhone = $"{phone}@s.whatsapp.net" }
        let job = new JobRequest($"bulk_{chat}_{i}", Queues.MessageAny, $"app_shop/{ChatKey.Of(told)}", new EventData("app_shop", told).Write(), new JobPolicy(3, TimeSpan.FromSeconds(1))) { Class = JobClass.Bulk }
        select new Delivery(job, "app_shop", DeliveryDirection.ToChatwoot) { Chat = ChatKey.Of(told), WaId = $"OLD{chat}X{i}" };
}
