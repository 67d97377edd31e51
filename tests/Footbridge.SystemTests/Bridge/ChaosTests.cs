using Footbridge.Simulator.Chatwoot.Faults;

namespace Footbridge.SystemTests.Bridge;

/// <summary>The product as it is without any setting: one process, its jobs in its database.</summary>
public sealed class ChaosTests : ChaosTest
{
    private const int Kills = 20;
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task On_a_quiet_day_everything_crosses_once_in_order_and_the_ticks_turn()
    {
        await TalkAsync(TimeSpan.Zero);
        await AssertPerfectAsync();
        foreach (var customer in Rig.Customers) await WaitDeliveredAsync(Traffic.ConversationOf(customer));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Chatwoot_answers_a_tenth_of_all_calls_with_500(int seed)
    {
        BreakTenth(seed, new ChatwootFault.Status(500));
        await TalkAsync(TimeSpan.Zero);
        await AssertPerfectAsync();
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Chatwoot_commits_a_tenth_of_all_calls_and_answers_502(int seed)
    {
        BreakTenth(seed, new ChatwootFault.StatusAfterCommit(502));
        await TalkAsync(TimeSpan.Zero);
        await AssertPerfectAsync();
    }

    [Fact]
    public async Task Chatwoot_is_down_for_20_seconds_refusing_and_resetting()
    {
        var talking = TalkAsync(TimeSpan.FromMilliseconds(100));
        Rig.Chatwoot.Faults.Down = new ChatwootFault.Status(503);
        await Task.Delay(Outage / 2, TimeProvider.System, Ct);
        Rig.Chatwoot.Faults.Down = new ChatwootFault.Reset();
        await Task.Delay(Outage / 2, TimeProvider.System, Ct);
        Rig.Chatwoot.Faults.Down = null;
        await talking;
        await AssertPerfectAsync();
        Assert.DoesNotContain(Rig.Customers, c => Rig.Chatwoot.MessagesOf(Rig.Chatwoot.ConversationOf(c.Number.User)!).Any(m => m.IsPrivate));
    }

    [Fact]
    public async Task The_whatsapp_socket_is_cut_every_5_seconds()
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var cutting = CutAsync(over.Token);
        await TalkAsync(TimeSpan.FromMilliseconds(400));
        await AssertPerfectAsync();
        await over.CancelAsync();
        Assert.True(await cutting > 2, "the socket was hardly cut");
    }

    [Theory]
    [InlineData(5)]
    public async Task The_server_is_killed_with_kill_9_at_20_random_moments(int seed)
    {
        var random = new Random(seed);
        var talking = TalkAsync(TimeSpan.FromMilliseconds(500));
        for (var i = 0; i < Kills; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(50, 1200)), TimeProvider.System, Ct);
            await Rig.Product.KillAsync();
            await Rig.Product.StartAsync(Ct);
        }

        await talking;
        await AssertPerfectAsync();
    }

    [Theory]
    [InlineData(6)]
    public async Task The_broker_forgets_everything_three_times_and_the_server_is_killed_in_between(int seed)
    {
        var random = new Random(seed);
        var talking = TalkAsync(TimeSpan.FromMilliseconds(300));
        for (var i = 0; i < 3; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(500, 4000)), TimeProvider.System, Ct);
            await Rig.WipeBrokerAsync(Ct);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(500, 2000)), TimeProvider.System, Ct);
            await Rig.Product.KillAsync();
            if (i == 1) await Rig.WipeBrokerAsync(Ct);
            await Rig.Product.StartAsync(Ct);
        }

        await talking;
        await AssertPerfectAsync();
    }

    [Fact]
    public async Task A_server_that_is_told_to_stop_ends_by_itself_and_goes_on_after_the_next_start()
    {
        var talking = TalkAsync(TimeSpan.FromMilliseconds(50));
        Assert.Equal(0, await Rig.Product.StopAsync(Ct));
        await Rig.Product.StartAsync(Ct);
        await talking;
        await AssertPerfectAsync();
    }

    private Task WaitDeliveredAsync(long conversation) => Rig.Chatwoot.Store.WaitAsync(
        () => Rig.Chatwoot.Store.Read((_, all) => all[conversation].Messages.Where(m => m.IsFromAgent).All(m => m.Status == "delivered")), Ct);

    private void BreakTenth(int seed, ChatwootFault fault)
    {
        var random = new Random(seed);
        var gate = new Lock();
        Rig.Chatwoot.Faults.OnRequest = _ =>
        {
            lock (gate) return random.Next(10) == 0 ? fault : null;
        };
    }

    private async Task<int> CutAsync(CancellationToken ct)
    {
        for (var cuts = 0; ; cuts++)
        {
            await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ct.IsCancellationRequested) return cuts;
            Rig.WhatsApp.KillSockets();
        }
    }
}
