using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Engine;

/// <summary>Our engine and one customer, for tests about people.</summary>
public abstract class PersonTest() : TwoPeopleTest(30)
{
    internal FakePhone Customer => Ana;

    internal async Task<PhoneMessage> SendAsync(string text)
    {
        await Us.Client.SendTextAsync(new(MessageIds.Random(), Customer.Number, text), Ct);
        return await Customer.Incoming.ReadAsync(Ct);
    }

    /// <summary>How many queries of a namespace that hold a child have left us.</summary>
    internal int Queries(string xmlns, Func<Node, bool> matches) =>
        WhatsApp.Recorder.Stanzas.Count(s => s.IsFromClient && s.Node.Tag == "iq" && s.Node["xmlns"] == xmlns && matches(s.Node));

    /// <summary>Sends us something of the server's own, and waits until we have acknowledged it.</summary>
    internal async Task PushAsync(Node stanza)
    {
        WhatsApp.Push(Us.Client.Me!.Phone, stanza);
        await WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "ack" && s.Node["id"] == stanza["id"], Ct);
    }
}
