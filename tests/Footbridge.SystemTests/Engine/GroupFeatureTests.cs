using Footbridge.Engine.Connection;
using Footbridge.Engine.Events;
using Footbridge.Engine.Groups;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp;

namespace Footbridge.SystemTests.Engine;

public sealed class GroupFeatureTests : GroupTest
{
    [Fact]
    public async Task A_community_its_announcements_and_a_group_of_it_are_known_as_what_they_are()
    {
        var (community, announcements) = Ana.Groups.CreateCommunity("Town", Shop, Bia.Number.User);
        Assert.True((await Us.Store.WaitAsync<GroupJoined>(j => j.Group == community, Ct)).Info!.IsCommunity);
        var told = (await Us.Store.WaitAsync<GroupJoined>(j => j.Group == announcements, Ct)).Info!;
        Assert.Equal((false, true, true, community), (told.IsCommunity, told.IsCommunityAnnouncement, told.IsAnnounce, told.Community));
        var asked = await Us.Client.Groups.FetchAsync(announcements, Ct);
        Assert.Equal((true, community), (asked.IsCommunityAnnouncement, asked.Community));
    }

    [Fact]
    public async Task A_group_that_comes_into_a_community_and_leaves_it_tells_both_of_it_and_is_known_so()
    {
        var (community, _) = Ana.Groups.CreateCommunity("Town", Shop);
        await Us.Store.WaitAsync<GroupJoined>(j => j.Group == community, Ct);
        var group = await MakeGroupAsync();
        Ana.Groups.Link(community, group);
        var joined = (await Us.Store.WaitAsync<GroupUpdated>(u => u.Group == group && u.Changes.Link is { IsLinked: true }, Ct)).Changes.Link!;
        Assert.Equal((GroupLinkKind.Community, community, "Town", null), (joined.Kind, joined.Other, joined.Subject, joined.Reason));
        var member = (await Us.Store.WaitAsync<GroupUpdated>(u => u.Group == community && u.Changes.Link is { IsLinked: true }, Ct)).Changes.Link!;
        Assert.Equal((GroupLinkKind.Member, group, "Team"), (member.Kind, member.Other, member.Subject));
        var before = Sent("iq").Count();
        Assert.Equal(community, (await Us.Client.Groups.GetAsync(group, Ct)).Community);
        Assert.Equal(before, Sent("iq").Count());
        Ana.Groups.Unlink(community, group);
        var left = (await Us.Store.WaitAsync<GroupUpdated>(u => u.Group == group && u.Changes.Link is { IsLinked: false }, Ct)).Changes.Link!;
        Assert.Equal((community, "unlink_group"), (left.Other, left.Reason));
        Assert.Null((await Us.Client.Groups.GetAsync(group, Ct)).Community);
    }

    [Fact]
    public async Task A_change_that_nobody_knows_makes_the_group_be_asked_for_again_and_one_beside_a_join_is_told_too()
    {
        var group = await MakeGroupAsync();
        await Us.Client.Groups.GetAsync(group, Ct);
        var queries = Sent("iq").Count(iq => iq["xmlns"] == "w:g2");
        await NoticeAsync(group, "n1", Node.Of("growth_locked", [("type", "invite")]));
        await Us.Client.Groups.GetAsync(group, Ct);
        Assert.Equal(queries + 1, Sent("iq").Count(iq => iq["xmlns"] == "w:g2"));
        await NoticeAsync(group, "n2", Node.Of("suspended"), Node.Of("add", Node.Of("participant", [("jid", Us.Phone.Lid)])));
        Assert.True((await Us.Store.WaitAsync<GroupUpdated>(u => u.Changes.IsSuspended is not null, Ct)).Changes.IsSuspended);
        await Us.Store.WaitAsync<GroupJoined>(j => j.Id.EndsWith(":n2:joined", StringComparison.Ordinal), Ct);
    }

    private async Task NoticeAsync(Jid group, string id, params Node[] changes)
    {
        WhatsApp.Push(Us.Client.Me!.Phone, Node.Of("notification", [("id", id), ("from", group), ("type", "w:gp2"), ("t", 1_800_000_000), ("participant", Ana.Lid)], changes));
        await WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "ack" && s.Node["id"] == id, Ct);
    }

    private GroupsFeature Groups => Us.Client.Groups;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_group_we_make_has_its_members_under_both_addresses_and_is_told_as_joined(bool usesLids)
    {
        WhatsApp.Groups.NewGroupsUseLids = usesLids;
        var made = await Groups.CreateAsync("Our team", [Ana.Number, Bia.Lid], Ct);
        Assert.Equal(("Our team", usesLids, 3), (made.Subject, made.IsLidAddressed, made.Members.Count));
        Assert.Equal(GroupRole.SuperAdmin, made.Members.Single(m => m.Person.Phone == Us.Phone.Number).Role);
        Assert.Equal(Ana.Lid, made.Members.Single(m => m.Person.Phone == Ana.Number).Person.Lid);
        var joined = await Us.Store.WaitAsync<GroupJoined>(e => e.Group == made.Id, Ct);
        Assert.Equal("Our team", joined.Info!.Subject);
        Assert.Equal(made.Id, Assert.Single(await Groups.ListAsync(Ct)).Id);
    }

    [Fact]
    public async Task Adding_says_for_each_person_what_became_of_it_and_a_token_opens_what_privacy_closes()
    {
        var carla = WhatsApp.AddAccount("5511900000003", "Carla Example");
        var group = (await Groups.CreateAsync("Team", [Ana.Number], Ct)).Id;
        WhatsApp.FindDevice(carla.Number)!.Account.OnlyTrustedMayAdd = true;
        var outcomes = await Groups.AddAsync(group, [Ana.Number, Bia.Number, carla.Number, new("5511999999990", JidServer.User)], Ct);
        MemberError?[] expected = [MemberError.AlreadyMember, null, MemberError.NotAllowedByPerson, MemberError.NotFound];
        Assert.Equal(expected, outcomes.Select(o => o.Error));
        Assert.Equal(20, outcomes[2].Invitation!.Code.Length);
        var change = await Us.Store.WaitAsync<GroupParticipantsChanged>(c => c.Group == group, Ct);
        Assert.Equal((GroupMemberChange.Joined, Bia.Number), (change.Change, Assert.Single(change.Members).Person.Phone));

        byte[] token = [1, 2, 3];
        WhatsApp.FindDevice(carla.Number)!.Account.GivenTokens["010203"] = true;
        WhatsApp.Push(Us.Client.Me!.Phone, Node.Of("notification", [("id", "t1"), ("from", carla.Number), ("sender_lid", carla.Lid), ("type", "privacy_token")],
            Node.Of("tokens", Node.OfBytes("token", [("type", "trusted_contact"), ("t", DateTimeOffset.MaxValue.ToUnixTimeSeconds())], token))));
        await WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "ack" && s.Node["id"] == "t1", Ct);
        Assert.Null(Assert.Single(await Groups.AddAsync(group, [carla.Number], Ct)).Error);
    }

    [Fact]
    public async Task Members_are_promoted_demoted_and_removed_and_it_is_told_with_their_real_role()
    {
        var group = (await Groups.CreateAsync("Team", [Ana.Number, Bia.Number], Ct)).Id;
        Assert.Null(Assert.Single(await Groups.PromoteAsync(group, [Ana.Number], Ct)).Error);
        Assert.Equal(GroupRole.Admin, (await ChangeAsync(GroupMemberChange.Promoted)).Role);
        Assert.Null(Assert.Single(await Groups.DemoteAsync(group, [Ana.Lid], Ct)).Error);
        Assert.Equal(GroupRole.Member, (await ChangeAsync(GroupMemberChange.Demoted)).Role);
        Assert.Null(Assert.Single(await Groups.RemoveAsync(group, [Bia.Number], Ct)).Error);
        Assert.Equal(Bia.Number, (await ChangeAsync(GroupMemberChange.Left)).Person.Phone);
        Assert.Equal(MemberError.NotFound, Assert.Single(await Groups.RemoveAsync(group, [Bia.Number], Ct)).Error);
        Assert.Equal(2, (await Groups.FetchAsync(group, Ct)).Members.Count);
    }

    [Fact]
    public async Task Leaving_and_being_removed_are_told_as_our_own_leaving()
    {
        var left = await MakeGroupAsync();
        await Groups.LeaveAsync(left, Ct);
        await Us.Store.WaitAsync<GroupLeft>(e => e.Group == left, Ct);
        var removed = await MakeGroupAsync();
        Ana.Groups.Remove(removed, Shop);
        var told = await Us.Store.WaitAsync<GroupLeft>(e => e.Group == removed, Ct);
        Assert.Equal(Ana.Number, told.By!.Value.Phone);
        Assert.Empty(await Groups.ListAsync(Ct));
        Assert.Equal(403, (await Assert.ThrowsAsync<QueryFailedException>(() => Groups.FetchAsync(removed, Ct))).Code);
    }

    [Fact]
    public async Task Being_added_to_a_group_is_told_with_the_group()
    {
        var group = Ana.Groups.Create("Team", Bia.Number.User);
        Ana.Groups.Add(group, Shop);
        var joined = await Us.Store.WaitAsync<GroupJoined>(e => e.Group == group, Ct);
        Assert.Equal(("Team", 3), (joined.Info!.Subject, joined.Info.Members.Count));
    }

    [Fact]
    public async Task Every_setting_is_kept_by_the_server_and_told()
    {
        var group = (await Groups.CreateAsync("Team", [Ana.Number], Ct)).Id;
        await Groups.SetSubjectAsync(group, "Renamed", Ct);
        await Groups.SetDescriptionAsync(group, "What we do", Ct);
        await Groups.SetAnnounceAsync(group, true, Ct);
        await Groups.SetLockedAsync(group, true, Ct);
        await Groups.SetEphemeralAsync(group, 86_400, Ct);
        await Groups.SetMembersCanAddAsync(group, false, Ct);
        await Groups.SetApprovalAsync(group, true, Ct);
        var info = await Groups.FetchAsync(group, Ct);
        Assert.Equal(("Renamed", "What we do"), (info.Subject, info.Description!.Text));
        Assert.Equal((true, true, 86_400L, false, true), (info.IsAnnounce, info.IsLocked, info.EphemeralSeconds, info.MembersCanAdd, info.NeedsApproval));
        await Us.Store.WaitAsync<GroupUpdated>(u => u.Changes.NeedsApproval == true, Ct);
        var changes = Us.Store.Events.OfType<GroupUpdated>().Select(u => u.Changes).ToList();
        GroupChanges[] expected =
        [
            new() { Subject = "Renamed" }, new() { Description = "What we do" }, new() { IsAnnounce = true }, new() { IsLocked = true }, new() { EphemeralSeconds = 86_400 },
            new() { MembersCanAdd = false }, new() { NeedsApproval = true },
        ];
        Assert.Equal(expected, changes);
        await Groups.SetDescriptionAsync(group, null, Ct);
        Assert.Null((await Groups.FetchAsync(group, Ct)).Description);
        await Assert.ThrowsAsync<ArgumentException>(() => Groups.SetSubjectAsync(group, new string('x', 101), Ct));
    }

    [Fact]
    public async Task A_description_that_somebody_else_changed_meanwhile_is_changed_from_theirs()
    {
        var group = (await Groups.CreateAsync("Team", [Ana.Number], Ct)).Id;
        await Groups.GetAsync(group, Ct);
        WhatsApp.Groups.Book.Find(group)!.Description = ("THEIRS", "theirs", WhatsApp.FindDevice(Ana.Number)!.Account, 1_800_000_000);
        await Groups.SetDescriptionAsync(group, "ours", Ct);
        Assert.Equal("ours", (await Groups.FetchAsync(group, Ct)).Description!.Text);
    }

    [Fact]
    public async Task What_only_admins_may_do_is_refused_with_the_servers_code()
    {
        var group = await MakeGroupAsync();
        Assert.Equal(401, (await Assert.ThrowsAsync<QueryFailedException>(() => Groups.SetAnnounceAsync(group, true, Ct))).Code);
        Assert.Equal(401, (await Assert.ThrowsAsync<QueryFailedException>(() => Groups.RemoveAsync(group, [Bia.Number], Ct))).Code);
        Assert.Equal(401, (await Assert.ThrowsAsync<QueryFailedException>(() => Groups.GetInviteCodeAsync(group, Ct))).Code);
        Assert.Equal(404, (await Assert.ThrowsAsync<QueryFailedException>(() => Groups.FetchAsync(new("120363999999999999", JidServer.Group), Ct))).Code);
    }

    [Fact]
    public async Task A_link_is_looked_up_joined_and_revoked()
    {
        var group = Ana.Groups.Create("Open", Bia.Number.User);
        var code = WhatsApp.Groups.Book.Find(group)!.InviteCode;
        Assert.Equal((group, "Open"), await Groups.LookUpInviteAsync(code, Ct) is var found ? (found.Id, found.Subject) : default);
        Assert.Equal(new GroupJoining(group, false), await Groups.JoinAsync(code, Ct));
        await Us.Store.WaitAsync<GroupJoined>(e => e.Group == group, Ct);
        Ana.Groups.Promote(group, Shop);
        await Us.Store.WaitAsync<GroupParticipantsChanged>(c => c.Group == group && c.Change == GroupMemberChange.Promoted, Ct);
        Assert.Equal(code, await Groups.GetInviteCodeAsync(group, Ct));
        Assert.NotEqual(code, await Groups.RevokeInviteCodeAsync(group, Ct));
        Assert.Equal(406, (await Assert.ThrowsAsync<QueryFailedException>(() => Groups.LookUpInviteAsync(code, Ct))).Code);
    }

    [Fact]
    public async Task Who_asks_to_be_let_in_is_told_listed_and_decided_on()
    {
        var group = (await Groups.CreateAsync("Closed", [Ana.Number], Ct)).Id;
        await Groups.SetApprovalAsync(group, true, Ct);
        var code = await Groups.GetInviteCodeAsync(group, Ct);
        Assert.False(Bia.Groups.Join(code));
        var asked = await Us.Store.WaitAsync<GroupJoinRequested>(e => e.Group == group, Ct);
        Assert.Equal(Bia.Lid, Assert.Single(asked.People).Lid);
        Assert.Equal(Bia.Number, Assert.Single(await Groups.ListJoinRequestsAsync(group, Ct)).Person.Phone);
        Assert.Null(Assert.Single(await Groups.DecideJoinRequestsAsync(group, false, [Bia.Lid], Ct)).Error);
        Assert.Equal(MemberError.NotFound, Assert.Single(await Groups.DecideJoinRequestsAsync(group, true, [Bia.Lid], Ct)).Error);
        Bia.Groups.Join(code);
        Assert.Null(Assert.Single(await Groups.DecideJoinRequestsAsync(group, true, [Bia.Lid], Ct)).Error);
        Assert.Equal(3, (await Groups.FetchAsync(group, Ct)).Members.Count);
    }

    [Fact]
    public async Task A_change_we_missed_shows_in_the_next_one_and_the_group_is_asked_for_again()
    {
        var group = await MakeGroupAsync();
        await SendAsync(group, "one");
        var missed = new TaskCompletionSource();
        WhatsApp.Faults.ToClient = (_, node) => node["type"] == "w:gp2" && missed.TrySetResult() ? new Fault.Drop() : null;
        Bia.Groups.Leave(group);
        await missed.Task.WaitAsync(Ct);
        Ana.Groups.Add(group, Bia.Number.User);
        await Us.Store.WaitAsync<GroupParticipantsChanged>(c => c.Change == GroupMemberChange.Joined, Ct);
        var asked = Sent("iq").Count(iq => iq["xmlns"] == "w:g2");
        Assert.Equal(3, (await Groups.GetAsync(group, Ct)).Members.Count);
        Assert.Equal(asked + 1, Sent("iq").Count(iq => iq["xmlns"] == "w:g2"));
    }

    [Fact]
    public async Task Groups_that_are_called_dirty_are_asked_for_and_the_server_is_told_so()
    {
        await MakeGroupAsync();
        WhatsApp.Push(Us.Client.Me!.Phone, Node.Of("ib", Node.Of("dirty", [("type", "groups"), ("timestamp", 1_800_000_000)])));
        var clean = await WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node["xmlns"] == "urn:xmpp:whatsapp:dirty", Ct);
        Assert.Equal(("groups", "1800000000"), (clean.Node.Child("clean")!["type"], clean.Node.Child("clean")!["timestamp"]));
        Assert.Contains(Sent("iq"), iq => iq.Child("participating") is not null);
    }

    [Fact]
    public async Task A_thousand_members_each_get_the_key_once_and_everybody_reads()
    {
        var members = Enumerable.Range(0, 998).Select(i => WhatsApp.AddAccount($"55119{10_000_000 + i}", null)).ToList();
        var group = Ana.Groups.Create("Everybody", [.. members.Select(m => m.Number.User), Shop]);
        await Us.Store.WaitAsync<GroupJoined>(joined => joined.Group == group, Ct);
        var started = TimeProvider.System.GetTimestamp();
        await SendAsync(group, "first");
        var first = TimeProvider.System.GetElapsedTime(started);
        started = TimeProvider.System.GetTimestamp();
        await SendAsync(group, "second");
        TestContext.Current.TestOutputHelper?.WriteLine($"first {first.TotalMilliseconds:0} ms, second {TimeProvider.System.GetElapsedTime(started).TotalMilliseconds:0} ms");
        Assert.Equal([1000, 0], Sent("message").Select(m => m.Child("participants")?.Children.Count ?? 0));
        foreach (var member in members.Append(Ana))
        {
            Assert.Equal("first", (await member.Incoming.ReadAsync(Ct)).Text);
            Assert.Equal("second", (await member.Incoming.ReadAsync(Ct)).Text);
        }
    }

    private async Task<GroupMember> ChangeAsync(GroupMemberChange change) =>
        Assert.Single((await Us.Store.WaitAsync<GroupParticipantsChanged>(c => c.Change == change, Ct)).Members);
}
