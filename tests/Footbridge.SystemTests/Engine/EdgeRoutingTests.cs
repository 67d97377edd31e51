using Footbridge.Engine;
using Footbridge.Engine.Events;

namespace Footbridge.SystemTests.Engine;

/// <summary>Where the server wants an account's next connection to go.</summary>
public sealed class EdgeRoutingTests : TwoPeopleTest
{
    private static readonly byte[] First = [8, 1, 18, 2, 3, 4];
    private static readonly byte[] Second = [8, 9];

    [Fact]
    public async Task The_newest_routing_bytes_begin_the_next_connection_also_after_a_restart()
    {
        await TakeAsync(First);
        await TakeAsync(Second);
        WhatsApp.Routing = null;
        await Us.RestartAsync(Ct);
        Assert.Equal([[], First, Second], WhatsApp.Routings.TakeLast(3));
    }

    [Fact]
    public async Task Routing_bytes_that_fail_twice_in_a_row_are_forgotten_for_good()
    {
        await TakeAsync(First);
        WhatsApp.Routing = null;
        WhatsApp.Faults.RefusesRouting = true;
        Us.ForgetStates();
        WhatsApp.KillSockets();
        await Us.WaitAsync(s => s is ConnectionState.Online, Ct);
        await Us.RestartAsync(Ct);
        Assert.Equal([First, First, [], []], WhatsApp.Routings.TakeLast(4));
    }

    /// <summary>Logs in again, and gets routing bytes for the next time.</summary>
    private async Task TakeAsync(byte[] routing)
    {
        WhatsApp.Routing = routing;
        await Us.RestartAsync(Ct);
        // What comes behind them has been taken in, so they have been too.
        var id = Ana.SendText(Shop, "hello");
        await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct);
    }
}
