using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.State;

namespace Footbridge.UnitTests.Simulator;

public sealed class SimDeviceTests
{
    private readonly SimDevice _device = new SimAccount("5511900000001", "100000000000001", null).NewDevice();

    [Fact]
    public void What_arrives_while_the_backlog_is_handed_over_comes_after_it()
    {
        _device.Push(Message("1"));
        _device.Push(Message("2"));
        var endpoint = new Endpoint();
        endpoint.Delivering = stanza =>
        {
            if (stanza["id"] == "1") _device.Push(Message("3"));
        };
        _device.Attach(endpoint, queued => queued);
        _device.Push(Message("4"));
        Assert.Equal(["1", "2", "3", "4"], endpoint.Delivered);
    }

    [Fact]
    public async Task What_many_threads_push_is_delivered_one_at_a_time_and_once()
    {
        var endpoint = new Endpoint();
        var inside = 0;
        endpoint.Delivering = _ =>
        {
            Assert.Equal(1, Interlocked.Increment(ref inside));
            Thread.SpinWait(200);
            Interlocked.Decrement(ref inside);
        };
        _device.Attach(endpoint, queued => queued);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(t => Task.Run(
            () =>
            {
                for (var i = 0; i < 250; i++) _device.Push(Message($"{t}-{i:000}"));
            }, TestContext.Current.CancellationToken)));
        for (var t = 0; t < 4; t++)
        {
            Assert.Equal(Enumerable.Range(0, 250).Select(i => $"{t}-{i:000}"), endpoint.Delivered.Where(id => id.StartsWith($"{t}-", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void A_confirmed_stanza_is_not_handed_over_again_and_an_unconfirmed_one_is()
    {
        _device.Attach(new Endpoint(), queued => queued);
        _device.Push(Message("1"));
        _device.Push(Message("2"));
        _device.Confirm("message", "1", null);
        var next = new Endpoint();
        _device.Attach(next, queued => queued);
        Assert.Equal(["2"], next.Delivered);
    }

    private static Node Message(string id) => Node.Of("message", [("id", id)]);

    private sealed class Endpoint : IDeviceEndpoint
    {
        public List<string> Delivered { get; } = [];

        public Action<Node> Delivering { get; set; } = _ => { };

        public void Deliver(Node stanza)
        {
            Delivered.Add(stanza["id"]!);
            Delivering(stanza);
        }
    }
}
