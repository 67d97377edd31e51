using System.Security.Cryptography;
using Footbridge.Engine.Events;
using Footbridge.Engine.Media;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Media;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.Phone;
using Footbridge.SystemTests.Engine;

namespace Footbridge.SystemTests.Interop;

/// <summary>A group of our engine, baileys 7 and zapo-js.</summary>
public sealed class GroupInteropTests() : GroupInterop("baileys");

/// <summary>A group of our engine, baileys 6 and zapo-js.</summary>
public sealed class OlderGroupInteropTests() : GroupInterop("baileys6");

/// <summary>A group of three clients, through our simulator, under everybody's own sender keys.</summary>
/// <param name="first">Driver of one of the two others; the other one is zapo-js.</param>
public abstract class GroupInterop(string first) : GroupTest
{
    private const int FileBytes = 70_001;
    private NpmHost _firstHost = null!;
    private NpmHost _zapoHost = null!;
    private NpmClient _first = null!;
    private NpmClient _zapo = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _firstHost = NpmHost.Start(first, WhatsApp);
        _zapoHost = NpmHost.Start("zapo", WhatsApp);
        _first = await _firstHost.LinkAsync(Ana, Ct);
        _zapo = await _zapoHost.LinkAsync(Bia, Ct);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_zapoHost is not null) await _zapoHost.DisposeAsync();
        if (_firstHost is not null) await _firstHost.DisposeAsync();
        await base.DisposeAsync();
    }

    [Theory]
    [InlineData("ours", true)]
    [InlineData("ours", false)]
    [InlineData("first", true)]
    [InlineData("zapo", true)]
    public async Task Everybody_reads_everybody(string creator, bool usesLids)
    {
        var group = await CreateAsync(creator, usesLids);
        for (var round = 0; round < 3; round++) await TalkAsync(group, $"round {round}");
        foreach (var client in new[] { first, "zapo" }) Proof.RecordBoth("group text", client);
    }

    [Fact]
    public async Task A_file_of_any_member_opens_at_the_others()
    {
        var group = await CreateAsync("ours", usesLids: true);
        var ours = RandomNumberGenerator.GetBytes(FileBytes);
        var media = await Us.Client.Media.UploadAsync(MediaKind.Image, new MemoryStream(ours), Ct);
        var id = MessageIds.Random();
        await Us.Client.SendAsync(new(id, group, MediaContent.Image(media, new("image/jpeg") { Width = 1, Height = 1 })), Ct);
        await OpensAsync(_first, id, ours);
        await OpensAsync(_zapo, id, ours);
        await SendsFileAsync(_first, _zapo, group);
        await SendsFileAsync(_zapo, _first, group);
        foreach (var client in new[] { first, "zapo" }) Proof.RecordBoth("group file", client);
    }

    [Fact]
    public async Task Who_left_cannot_read_on_and_the_others_can()
    {
        var group = await CreateAsync("ours", usesLids: true);
        await TalkAsync(group, "together");
        var before = KeyIdOf(group);
        await _zapo.LeaveGroupAsync(group, Ct);
        await Us.Store.WaitAsync<GroupParticipantsChanged>(c => c.Change == GroupMemberChange.Left && c.Members.Single().Person.Phone == Bia.Number, Ct);
        await _first.WaitAsync("group", e => e["action"]!.ToString() is "remove" or "leave", Ct);
        await SendAsync(group, "without zapo");
        await _first.WaitTextAsync("without zapo", Ct);
        Assert.NotEqual(before, KeyIdOf(group));
        var last = Sent("message").Last(m => m.JidOf("to") == group);
        Assert.DoesNotContain(last.Child("participants")!.Children, to => to.JidOf("jid")!.Value.IsSameUser(Bia.Lid));
        await ReceiveAsync(await _first.SendGroupTextAsync(group, "first without zapo", Ct));
        Assert.DoesNotContain(_zapo.Received, m => m.Text.Contains("without zapo", StringComparison.Ordinal));
        Proof.Record("new sender key after a member leaves", first, Direction.FromUs);
    }

    [Fact]
    public async Task When_another_leaves_zapo_reads_our_new_key()
    {
        var group = await CreateAsync("ours", usesLids: true);
        await TalkAsync(group, "together");
        var before = KeyIdOf(group);
        await _first.LeaveGroupAsync(group, Ct);
        await Us.Store.WaitAsync<GroupParticipantsChanged>(c => c.Change == GroupMemberChange.Left && c.Members.Single().Person.Phone == Ana.Number, Ct);
        await SendAsync(group, "without the first");
        await _zapo.WaitTextAsync("without the first", Ct);
        Assert.NotEqual(before, KeyIdOf(group));
        Proof.Record("new sender key after a member leaves", "zapo", Direction.FromUs);
    }

    [Fact]
    public async Task A_sender_key_that_a_client_lost_costs_a_retry_and_no_message()
    {
        var group = await CreateAsync("ours", usesLids: true);
        await TalkAsync(group, "before");
        await _first.ForgetSenderKeysAsync(Ct);
        await SendAsync(group, "the first lost our key");
        await _first.WaitTextAsync("the first lost our key", Ct);
        await _zapo.WaitTextAsync("the first lost our key", Ct);
        await _zapo.ForgetSenderKeysAsync(Ct);
        await SendAsync(group, "zapo lost our key");
        await _zapo.WaitTextAsync("zapo lost our key", Ct);
        // Both have lost their own key as well, and write under a new one.
        await TalkAsync(group, "after");
        foreach (var client in new[] { first, "zapo" }) Proof.Record("retry after a lost sender key", client, Direction.FromUs);
    }

    [Fact]
    public async Task A_sender_key_that_we_lost_costs_a_retry_and_no_message()
    {
        var group = await CreateAsync("ours", usesLids: true);
        await TalkAsync(group, "before");
        await Us.RestartAsync(Ct, () => Us.Store.DeleteAll(StateKind.SenderKey));
        foreach (var client in new[] { _zapo, _first })
        {
            var lost = await client.SendGroupTextAsync(group, "we lost everybody's key", Ct);
            await ReceiveAsync(lost);
            Assert.Single(Us.Store.Events.OfType<MessageReceived>(), m => m.MessageId == lost);
        }

        await TalkAsync(group, "after");
        foreach (var client in new[] { first, "zapo" }) Proof.Record("retry after a lost sender key", client, Direction.ToUs);
    }

    private async Task<Jid> CreateAsync(string creator, bool usesLids)
    {
        WhatsApp.Groups.NewGroupsUseLids = usesLids;
        var group = creator switch
        {
            "first" => await _first.CreateGroupAsync("Three", [Shop, Bia.Number.User], Ct),
            "zapo" => await _zapo.CreateGroupAsync("Three", [Shop, Ana.Number.User], Ct),
            _ => (await Us.Client.Groups.CreateAsync("Three", [Ana.Number, Bia.Number], Ct)).Id,
        };
        await Us.Store.WaitAsync<GroupJoined>(joined => joined.Group == group, Ct);
        return group;
    }

    private async Task TalkAsync(Jid group, string what)
    {
        await SendAsync(group, $"{what}, ours");
        await _first.WaitTextAsync($"{what}, ours", Ct);
        await _zapo.WaitTextAsync($"{what}, ours", Ct);
        var fromFirst = await ReceiveAsync(await _first.SendGroupTextAsync(group, $"{what}, {first}", Ct));
        Assert.Equal((group, Ana.Number, Ana.Lid), (fromFirst.Chat.Address, fromFirst.Sender.Phone, fromFirst.Sender.Lid));
        await _zapo.WaitTextAsync($"{what}, {first}", Ct);
        var fromZapo = await ReceiveAsync(await _zapo.SendGroupTextAsync(group, $"{what}, zapo", Ct));
        Assert.Equal((group, Bia.Number, $"{what}, zapo"), (fromZapo.Chat.Address, fromZapo.Sender.Phone, fromZapo.Content.ExtendedTextMessage.Text));
        await _first.WaitTextAsync($"{what}, zapo", Ct);
    }

    private async Task SendsFileAsync(NpmClient sender, NpmClient other, Jid group)
    {
        var file = RandomNumberGenerator.GetBytes(FileBytes);
        var id = await sender.SendMediaAsync(group.ToString(), "image", file, Ct);
        using var opened = new MemoryStream();
        await Us.Client.Media.DownloadAsync(ArrivedMedia.Of(await ReceiveAsync(id))!, opened, Ct);
        Assert.Equal(file, opened.ToArray());
        await OpensAsync(other, id, file);
    }

    private async Task OpensAsync(NpmClient client, string id, byte[] file) =>
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), (await client.WaitMediaAsync(id, Ct))["sha256"]!.ToString());

    private uint KeyIdOf(Jid group) =>
        SenderKeyMessage.Parser.ParseFrom(Sent("message").Last(m => m.JidOf("to") == group).Child("enc")!.ContentBytes.AsSpan()[1..^64]).Id;
}
