namespace Footbridge.SystemTests.Bridge;

/// <summary>Twenty chats with fifty messages each way, while something breaks: nothing lost, doubled or out of order in any chat.</summary>
public abstract class ChaosTest : IAsyncLifetime
{
    protected const int Chats = 20;
    protected const int Each = 50;
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(240));

    protected CancellationToken Ct => _timeout.Token;

    private protected BridgeRig Rig { get; private set; } = null!;

    private protected Traffic Traffic { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Rig = await BridgeRig.StartAsync(Chats, Ct, await PrepareAsync());
        await StartedAsync();
        Traffic = new(Rig);
        await Traffic.GreetAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        Traffic?.Dispose();
        if (Rig is not null) await Rig.DisposeAsync();
        await EndAsync();
        _timeout.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What the product needs beside itself; gives variables for it.</summary>
    protected virtual Task<IReadOnlyDictionary<string, string>?> PrepareAsync() => Task.FromResult<IReadOnlyDictionary<string, string>?>(null);

    /// <summary>The product runs, and nobody has written yet.</summary>
    protected virtual Task StartedAsync() => Task.CompletedTask;

    protected virtual Task EndAsync() => Task.CompletedTask;

    /// <summary>Every customer and every agent at the same time; a pause after each message of a chat.</summary>
    protected async Task TalkAsync(TimeSpan pause) =>
        await Task.WhenAll(Rig.Customers.Select(async customer =>
        {
            for (var i = 0; i < Each; i++)
            {
                Traffic.SendIn(customer, $"in {i}");
                await Traffic.SendOutAsync(customer, $"out {i}", Ct);
                if (pause > TimeSpan.Zero) await Task.Delay(pause, TimeProvider.System, Ct);
            }
        }));

    protected async Task AssertPerfectAsync()
    {
        try
        {
            await Task.WhenAll(Traffic.InboundDoneAsync(Ct), Traffic.OutboundDoneAsync(Ct));
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"in: {Traffic.Inbound()}; out: {Traffic.Outbound()}\n{Rig.Product.Output}");
        }

        var (inbound, outbound) = (Traffic.Inbound(), Traffic.Outbound());
        Assert.True(inbound.IsPerfect && outbound.IsPerfect, $"in: {inbound}; out: {outbound}");
        Assert.Equal((Chats * Each, Chats * Each), (inbound.Sent, outbound.Sent));
        var contacts = Rig.Chatwoot.Store.Read((contacts, _) => contacts.Values.Select(c => c.PhoneNumber).ToList());
        Assert.Equal(Rig.Customers.Select(c => "+" + c.Number.User).Order(), contacts.OfType<string>().Order());
        var conversations = Rig.Chatwoot.Store.Read((_, conversations) => conversations.Count);
        Assert.Equal(Chats + 1, conversations);
    }
}
