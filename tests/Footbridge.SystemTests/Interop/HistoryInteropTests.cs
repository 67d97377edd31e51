using Footbridge.Engine.Events;
using Footbridge.Protocol.Generated;
using Footbridge.Simulator.WhatsApp.Phone;
using Footbridge.SystemTests.Engine;

namespace Footbridge.SystemTests.Interop;

/// <summary>A client nobody here wrote is a second device of our account: the phone gives both the same past.</summary>
public sealed class HistoryInteropTests : TwoPeopleTest
{
    private const long Noon = 1_700_000_000;

    [Theory]
    [MemberData(nameof(NpmHost.Names), MemberType = typeof(NpmHost))]
    public async Task The_past_that_the_phone_gives_is_the_same_at_a_client_and_here(string name)
    {
        await using var host = NpmHost.Start(name, WhatsApp, takesHistory: true);
        var client = await host.LinkAsync(Us.Phone, Ct);
        // Baileys 6 fetches every part from the media host, and baileys 7 only from one whose name it has built in.
        var isInline = name == "baileys";
        var given = Us.Phone.History.Give(WhatsApp.FindDevice(client.Device)!, Past(), isInline: isInline);
        Us.Phone.History.Give(WhatsApp.FindDevice(Us.Client.Me!.Phone)!, Past(), isInline: isInline);

        await client.WaitAsync("history", e => e["messages"]!.GetValue<int>() == 2, Ct);
        var theirs = (await client.RunAsync("past", new() { ["chat"] = Ana.Number.ToString() }, Ct))!["texts"]!.AsArray().Select(text => text!.ToString());
        var ours = (await Us.Store.WaitAsync<HistoryReceived>(h => h.Chats.Count > 0, Ct)).Chats.Single().Messages.Select(m => m.Content.Conversation);
        Assert.Equal(["hello", "hi"], ours.Order());
        Assert.Equal(["hello", "hi"], theirs.Order());
        await WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Device == client.Device && s.Node.Tag == "receipt" && s.Node["id"] == given, Ct);
        Proof.Record("history sync of the simulated phone", name, Direction.FromUs);
    }

    private HistorySync Past()
    {
        var sync = new HistorySync { SyncType = HistorySync.Types.HistorySyncType.Recent, Progress = 100 };
        sync.Conversations.Add(PhoneHistory.Chat(
            Ana.Number, PhoneHistory.Text(Ana.Number, "A1", false, Noon, "hello", "Ana Example"), PhoneHistory.Text(Ana.Number, "A2", true, Noon + 1, "hi")));
        return sync;
    }
}
