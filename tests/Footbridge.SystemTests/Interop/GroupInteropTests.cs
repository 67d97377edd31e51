using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.Phone;
using Footbridge.SystemTests.Engine;

namespace Footbridge.SystemTests.Interop;

/// <summary>A group of our engine, baileys and zapo-js, through our simulator, under everybody's own sender keys.</summary>
public sealed class GroupInteropTests : GroupTest
{
    private NpmHost _baileysHost = null!;
    private NpmHost _zapoHost = null!;
    private NpmClient _baileys = null!;
    private NpmClient _zapo = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _baileysHost = NpmHost.Start("baileys", WhatsApp);
        _zapoHost = NpmHost.Start("zapo", WhatsApp);
        _baileys = await _baileysHost.LinkAsync(Ana, Ct);
        _zapo = await _zapoHost.LinkAsync(Bia, Ct);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_zapoHost is not null) await _zapoHost.DisposeAsync();
        if (_baileysHost is not null) await _baileysHost.DisposeAsync();
        await base.DisposeAsync();
    }

    [Theory]
    [InlineData("ours", true)]
    [InlineData("ours", false)]
    [InlineData("baileys", true)]
    [InlineData("zapo", true)]
    public async Task Everybody_reads_everybody(string creator, bool usesLids)
    {
        var group = await CreateAsync(creator, usesLids);
        for (var round = 0; round < 3; round++) await TalkAsync(group, $"round {round}");
    }

    [Fact]
    public async Task Who_left_cannot_read_on_and_the_others_can()
    {
        var group = await CreateAsync("ours", usesLids: true);
        await TalkAsync(group, "together");
        var before = KeyIdOf(group);
        await _zapo.LeaveGroupAsync(group, Ct);
        await Us.Store.WaitAsync<GroupParticipantsChanged>(c => c.Change == GroupMemberChange.Left && c.Members.Single().Person.Phone == Bia.Number, Ct);
        await _baileys.WaitAsync("group", e => e["action"]!.ToString() is "remove" or "leave", Ct);
        await SendAsync(group, "without zapo");
        await _baileys.WaitTextAsync("without zapo", Ct);
        Assert.NotEqual(before, KeyIdOf(group));
        var last = Sent("message").Last(m => m.JidOf("to") == group);
        Assert.DoesNotContain(last.Child("participants")!.Children, to => to.JidOf("jid")!.Value.IsSameUser(Bia.Lid));
        await ReceiveAsync(await _baileys.SendGroupTextAsync(group, "baileys without zapo", Ct));
        Assert.DoesNotContain(_zapo.Received, m => m.Text.Contains("without zapo", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sender_key_lost_at_either_end_costs_a_retry_and_no_message()
    {
        var group = await CreateAsync("ours", usesLids: true);
        await TalkAsync(group, "before");
        await _baileys.ForgetSenderKeysAsync(Ct);
        await SendAsync(group, "baileys lost our key");
        await _baileys.WaitTextAsync("baileys lost our key", Ct);
        await _zapo.WaitTextAsync("baileys lost our key", Ct);
        await _zapo.ForgetSenderKeysAsync(Ct);
        await SendAsync(group, "zapo lost our key");
        await _zapo.WaitTextAsync("zapo lost our key", Ct);

        await Us.RestartAsync(Ct, () => Us.Store.DeleteAll(StateKind.SenderKey));
        var lost = await _zapo.SendGroupTextAsync(group, "we lost everybody's key", Ct);
        await ReceiveAsync(lost);
        Assert.Single(Us.Store.Events.OfType<MessageReceived>(), m => m.MessageId == lost);
        await TalkAsync(group, "after");
    }

    private async Task<Jid> CreateAsync(string creator, bool usesLids)
    {
        WhatsApp.Groups.NewGroupsUseLids = usesLids;
        var group = creator switch
        {
            "baileys" => await _baileys.CreateGroupAsync("Three", [OurNumber, Bia.Number.User], Ct),
            "zapo" => await _zapo.CreateGroupAsync("Three", [OurNumber, Ana.Number.User], Ct),
            _ => (await Us.Client.Groups.CreateAsync("Three", [Ana.Number, Bia.Number], Ct)).Id,
        };
        await Us.Store.WaitAsync<GroupJoined>(joined => joined.Group == group, Ct);
        return group;
    }

    private async Task TalkAsync(Jid group, string what)
    {
        await SendAsync(group, $"{what}, ours");
        await _baileys.WaitTextAsync($"{what}, ours", Ct);
        await _zapo.WaitTextAsync($"{what}, ours", Ct);
        var fromBaileys = await ReceiveAsync(await _baileys.SendGroupTextAsync(group, $"{what}, baileys", Ct));
        Assert.Equal((group, Ana.Number, Ana.Lid), (fromBaileys.Chat.Address, fromBaileys.Sender.Phone, fromBaileys.Sender.Lid));
        await _zapo.WaitTextAsync($"{what}, baileys", Ct);
        var fromZapo = await ReceiveAsync(await _zapo.SendGroupTextAsync(group, $"{what}, zapo", Ct));
        Assert.Equal((group, Bia.Number, $"{what}, zapo"), (fromZapo.Chat.Address, fromZapo.Sender.Phone, fromZapo.Content.ExtendedTextMessage.Text));
        await _baileys.WaitTextAsync($"{what}, zapo", Ct);
    }

    private uint KeyIdOf(Jid group) =>
        SenderKeyMessage.Parser.ParseFrom(Sent("message").Last(m => m.JidOf("to") == group).Child("enc")!.ContentBytes.AsSpan()[1..^64]).Id;
}
