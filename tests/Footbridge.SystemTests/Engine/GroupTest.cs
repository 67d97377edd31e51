using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Engine;

/// <summary>Our engine and the phones of two people, Ana and Bia, with a group or without.</summary>
public abstract class GroupTest : TwoPeopleTest
{
    private protected FakePhone Bia { get; private set; } = null!;

    private protected override void AddOthers() => Bia = WhatsApp.AddAccount("5511900000002", "Bia Example");

    /// <summary>A group that Ana made with Bia and us, of which our engine knows.</summary>
    private protected async Task<Jid> MakeGroupAsync(bool usesLids = true)
    {
        WhatsApp.Groups.NewGroupsUseLids = usesLids;
        var group = Ana.Groups.Create("Team", Bia.Number.User, Shop);
        await Us.Store.WaitAsync<GroupJoined>(joined => joined.Group == group, Ct);
        return group;
    }

    private protected async Task<string> SendAsync(Jid group, string text)
    {
        var id = MessageIds.Random();
        await Us.Client.SendAsync(new(id, group, new Message { ExtendedTextMessage = new() { Text = text } }), Ct);
        return id;
    }

    private protected Task<MessageReceived> ReceiveAsync(string id) => Us.Store.WaitAsync<MessageReceived>(message => message.MessageId == id, Ct);

    /// <summary>Stanzas from our engine so far.</summary>
    private protected IEnumerable<Node> Sent(string tag) => WhatsApp.Recorder.Stanzas.Where(s => s.IsFromClient && s.Node.Tag == tag && s.Device is { } device && device.IsSameUser(Us.Phone.Number)).Select(s => s.Node);
}
