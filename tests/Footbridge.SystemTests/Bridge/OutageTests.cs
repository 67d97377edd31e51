using System.Text.Json.Nodes;
using Footbridge.Server;
using Footbridge.Server.Storage;
using Footbridge.Simulator.Chatwoot;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Phone;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Footbridge.SystemTests.Bridge;

/// <summary>A Chatwoot that is down for half an hour of simulated time, while ten thousand messages come in and another app goes on.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private const int Chats = 100;
    private const int Each = 100;
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(240));
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private World _world = null!;
    private ChatwootSimulator _other = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync()
    {
        _world = await World.StartAsync(Ct, records: false, time: _time);
        _other = await ChatwootSimulator.StartAsync(0, TimeProvider.System, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _other.DisposeAsync();
        _timeout.Dispose();
    }

    [Fact]
    public async Task Ten_thousand_messages_of_a_half_hours_outage_arrive_in_order_and_another_apps_messages_do_not_wait()
    {
        var (shop, other) = (_world.WhatsApp.AddAccount("5511900000099", "Shop"), _world.WhatsApp.AddAccount("5511900000098", "Other shop"));
        var customers = Enumerable.Range(0, Chats).Select(i => _world.WhatsApp.AddAccount($"5511940000{i:D3}", $"Customer {i}")).ToList();
        await _world.LinkAsync("shop", shop, Ct);
        await _world.ConnectChatwootAsync("shop", Ct);
        await _world.LinkAsync("other", other, Ct);
        await _world.PostAsync("/api/apps", OtherApp(), 201, Ct);
        foreach (var customer in customers) customer.SendText(shop.Number.User, "hello");
        await ArrivedAsync(_world.Chatwoot, Chats);

        var refused = 0;
        _world.Chatwoot.Faults.OnRequest = _ =>
        {
            Interlocked.Increment(ref refused);
            return new ChatwootFault.Status(503);
        };
        for (var i = 0; i < Each; i++) foreach (var customer in customers) customer.SendText(shop.Number.User, $"{i}");
        await PendingAsync(Chats * Each);
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromMinutes(30); passed += Step)
        {
            var before = Volatile.Read(ref refused);
            _time.Advance(Step);
            if (passed.TotalSeconds % 600 == 0)
            {
                var count = Count(_other);
                customers[passed.Minutes].SendText(other.Number.User, $"live {passed}");
                await ArrivedAsync(_other, count + 1);
            }

            // The heads of lanes have tried once more.
            do await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
            while (Volatile.Read(ref refused) == before);
        }

        Assert.InRange(refused, 30 * Chats, 12 * 60 * Chats);
        _world.Chatwoot.Faults.OnRequest = null;
        while (Count(_world.Chatwoot) < Chats * (Each + 1))
        {
            // A head that was being refused when the clock stood last waits for it to go on.
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Ct);
        }

        foreach (var customer in customers)
        {
            var conversation = _world.Chatwoot.ConversationOf(customer.Number.User)!;
            // What waited for long says below when it was written.
            Assert.Equal(Enumerable.Range(0, Each).Select(i => $"{i}").Prepend("hello"), _world.Chatwoot.MessagesOf(conversation).Select(m => m.Content!.Split('\n')[0]));
        }

        await PendingAsync(0);
        var report = await Part<Reconciliation>().ReportAsync("app_shop", _time.GetUtcNow().AddHours(-1), _time.GetUtcNow().AddMinutes(1), Ct);
        Assert.Equal((0, 0, 0), (report.ToChatwoot.Pending, report.ToChatwoot.Missing, report.ToChatwoot.Quarantined));
    }

    private T Part<T>() where T : notnull => _world.Product.Services.GetRequiredService<T>();

    private static int Count(ChatwootSimulator chatwoot) => chatwoot.Store.Read((_, all) => all.Values.Sum(c => c.Messages.Count(m => m.Type == SimMessageType.Incoming && c.Contact.PhoneNumber is not null)));

    private Task ArrivedAsync(ChatwootSimulator chatwoot, int count) => chatwoot.Store.WaitAsync(() => Count(chatwoot) >= count, Ct);

    /// <summary>Waits until the ledger has so many deliveries on their way.</summary>
    private async Task PendingAsync(int count)
    {
        while (Part<Footbridge.Jobs.Sqlite.SqliteDatabase>().Read(c => Footbridge.Jobs.Sqlite.SqliteStatements.QueryFirst(
            c, "SELECT (SELECT COUNT(*) FROM ledger) = 0 AND (SELECT COUNT(*) FROM deliveries WHERE state = 0) = ?1", row => row.GetBoolean(0), count)) is false)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
        }
    }

    private JsonObject OtherApp() => new()
    {
        ["id"] = "app_other",
        ["session"] = "other",
        ["app"] = "chatwoot",
        ["config"] = new JsonObject
        {
            ["url"] = _other.BaseUrl.ToString(),
            ["accountId"] = ChatwootSimulator.AccountId,
            ["accountToken"] = ChatwootSimulator.Token,
            ["inboxId"] = ChatwootSimulator.InboxId,
            ["inboxIdentifier"] = ChatwootSimulator.InboxIdentifier,
        },
    };
}
