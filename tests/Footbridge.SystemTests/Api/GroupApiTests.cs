using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Engine.Groups;
using Footbridge.Jobs.Sqlite;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Config;
using Footbridge.Server.Media;
using Footbridge.Server.Sessions;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Api;

/// <summary>The operations of WAHA's tags Groups and Status, and the events of groups, held to the published contract.</summary>
public sealed class GroupApiTests : ContractTest
{
    private const string AnaId = "5511900000001@c.us";
    private const string BiaId = "5511900000002@c.us";
    private const string OurId = "5511900000099@c.us";
    private FakePhone _ana = null!;
    private FakePhone _us = null!;

    protected override async Task PrepareAsync()
    {
        _ana = World.WhatsApp.AddAccount("5511900000001", "Ana Example");
        World.WhatsApp.AddAccount("5511900000002", "Bia Example");
        _us = World.WhatsApp.AddAccount("5511900000099", "Shop");
        await World.LinkAsync("shop", _us, Ct);
    }

    [Fact]
    public async Task A_group_is_made_listed_and_shown_under_the_names_of_both_engines()
    {
        var id = await CreateAsync();
        await CheckAsync("POST", "/refresh", "{}", 200);
        Answers.Same("""{"count":1}""", await CheckAsync("GET", "/count", null, 200));
        var list = (await World.Api.GetAsync("/api/shop/groups?sortBy=subject&sortOrder=desc", 200, Ct)).Body!.AsArray();
        Assert.Equal(id, Assert.Single(list)!["JID"]!.ToString());
        Assert.Null((await World.Api.GetAsync("/api/shop/groups?exclude=participants", 200, Ct)).Body![0]!["participants"]);
        var group = await CheckAsync("GET", $"/{id}", null, 200);
        Assert.Equal(("Team", "Team", 2, 2), (group!["subject"]!.ToString(), group["Name"]!.ToString(), group["participants"]!.AsArray().Count, group["Participants"]!.AsArray().Count));
        Assert.Equal("superadmin", group["participants"]!.AsArray().Single(p => p!["phoneNumber"]!.ToString() == OurId)!["admin"]!.ToString());
        var members = (await CheckAsync("GET", $"/{id.Replace("@", "%40", StringComparison.Ordinal)}/participants/v2", null, 200, "/{id}/participants/v2"))!.AsArray();
        Answers.Same($$"""{"id":"{{_ana.Lid}}","pn":"{{AnaId}}","role":"participant"}""", members.Single(m => m!["pn"]!.ToString() == AnaId));
        Assert.Equal(2, (await CheckAsync("GET", $"/{id}/participants", null, 200))!.AsArray().Count);
    }

    [Fact]
    public async Task Members_are_added_promoted_demoted_and_removed_with_a_status_for_each()
    {
        var id = await CreateAsync();
        var people = $$"""{"participants":[{"id":"{{BiaId}}"},{"id":"{{AnaId}}"}]}""";
        Assert.Equal([200, 409], (await CheckAsync("POST", $"/{id}/participants/add", people, 200))!.AsArray().Select(p => p!["status"]!.GetValue<int>()));
        Assert.Equal([200, 200], (await CheckAsync("POST", $"/{id}/admin/promote", people, 200))!.AsArray().Select(p => p!["status"]!.GetValue<int>()));
        Assert.Equal([200, 200], (await CheckAsync("POST", $"/{id}/admin/demote", people, 200))!.AsArray().Select(p => p!["status"]!.GetValue<int>()));
        Assert.Equal([200, 200], (await CheckAsync("POST", $"/{id}/participants/remove", people, 200))!.AsArray().Select(p => p!["status"]!.GetValue<int>()));
        await CheckAsync("POST", $"/{id}/leave", null, 200);
        Answers.Same("""{"count":0}""", await CheckAsync("GET", "/count", null, 200));
    }

    [Fact]
    public async Task Settings_subject_description_and_link_are_changed_and_read_back()
    {
        var id = await CreateAsync();
        Assert.True((await CheckAsync("PUT", $"/{id}/subject", """{"subject":"Renamed"}""", 200))!.GetValue<bool>());
        await CheckAsync("PUT", $"/{id}/description", """{"description":"What we do"}""", 200);
        foreach (var setting in new[] { "info-admin-only", "messages-admin-only" })
        {
            Answers.Same("""{"adminsOnly":false}""", await CheckAsync("GET", $"/{id}/settings/security/{setting}", null, 200));
            await CheckAsync("PUT", $"/{id}/settings/security/{setting}", """{"adminsOnly":true}""", 200);
            Answers.Same("""{"adminsOnly":true}""", await CheckAsync("GET", $"/{id}/settings/security/{setting}", null, 200));
        }

        var group = await CheckAsync("GET", $"/{id}", null, 200);
        Assert.Equal(("Renamed", "What we do", "What we do"), (group!["subject"]!.ToString(), group["desc"]!.ToString(), group["Topic"]!.ToString()));
        var code = (await CheckAsync("GET", $"/{id}/invite-code", null, 200))!.ToString();
        Assert.NotEqual(code, (await CheckAsync("POST", $"/{id}/invite-code/revoke", null, 200))!.ToString());
    }

    [Fact]
    public async Task A_link_is_looked_up_and_joined()
    {
        var group = _ana.Groups.Create("Open", "5511900000002");
        var link = "https://chat.whatsapp.com/" + World.WhatsApp.Groups.Book.Find(group)!.InviteCode;
        Assert.Equal("Open", (await CheckAsync("GET", $"/join-info?code={Uri.EscapeDataString(link)}", null, 200, "/join-info"))!["subject"]!.ToString());
        Answers.Same($$"""{"id":"{{group}}"}""", await CheckAsync("POST", "/join", $$"""{"code":"{{link}}"}""", 200));
    }

    [Theory]
    [InlineData("POST", "", """{"name":"x"}""")]
    [InlineData("POST", "", """{"name":"x","participants":[{"id":"120363000000000001@g.us"}]}""")]
    [InlineData("GET", "/5511900000001@c.us", null)]
    [InlineData("GET", "?sortBy=size", null)]
    [InlineData("GET", "/join-info", null)]
    [InlineData("PUT", "/120363000000000001@g.us/settings/security/info-admin-only", """{"adminsOnly":"perhaps"}""")]
    public async Task A_call_that_cannot_be_meant_is_refused_with_400(string method, string path, string? body) =>
        await World.Api.ExpectAsync(new(method), "/api/shop/groups" + path, body is null ? null : JsonNode.Parse(body), 400, Ct);

    [Fact]
    public async Task A_text_to_a_group_carries_the_group_and_us_in_its_id()
    {
        var id = await CreateAsync();
        var sent = (await World.Api.ExpectAsync(HttpMethod.Post, "/api/sendText", new JsonObject { ["session"] = "shop", ["chatId"] = id, ["text"] = "hello all" }, 201, Ct)).Body!;
        Assert.Equal($"true_{id}_{sent["key"]!["id"]}_{OurId}", sent["id"]!.ToString());
        Assert.Equal((id, OurId), (sent["from"]!.ToString(), sent["participant"]!.ToString()));
        var shown = await _ana.Incoming.ReadAsync(Ct);
        Assert.Equal(("hello all", id), (shown.Text, shown.Chat.ToString()));
    }

    [Fact]
    public async Task A_story_is_posted_to_its_audience_and_taken_back()
    {
        var id = (await World.Api.GetAsync("/api/shop/status/new-message-id", 200, Ct)).Body!["id"]!.ToString();
        var story = new JsonObject { ["id"] = id, ["text"] = "open today", ["backgroundColor"] = "#102030", ["font"] = 1, ["contacts"] = new JsonArray(AnaId) };
        var sent = (await World.Api.ExpectAsync(HttpMethod.Post, "/api/shop/status/text", story, 201, Ct)).Body!;
        Assert.Equal($"true_status@broadcast_{id}_{OurId}", sent["id"]!.ToString());
        var shown = await _ana.Incoming.ReadAsync(Ct);
        Assert.Equal((id, 0xFF102030, Message.Types.ExtendedTextMessage.Types.FontType.SystemText), (shown.Id, shown.Content.ExtendedTextMessage.BackgroundArgb, shown.Content.ExtendedTextMessage.Font));
        await World.Api.ExpectAsync(HttpMethod.Post, "/api/shop/status/delete", new JsonObject { ["id"] = sent["id"]!.DeepClone(), ["contacts"] = new JsonArray(AnaId) }, 201, Ct);
        Assert.Equal(id, (await _ana.Incoming.ReadAsync(Ct)).Content.ProtocolMessage.Key.Id);
        await World.Api.ExpectAsync(HttpMethod.Post, "/api/shop/status/text", new JsonObject { ["text"] = "nobody" }, 422, Ct);
    }

    [Fact]
    public void Events_of_groups_fit_theContract_with_seconds_real_roles_and_full_ids()
    {
        var group = new Jid("120363000000000001", JidServer.Group);
        var time = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        var ana = new Party(_ana.Lid, _ana.Number, _ana.Lid);
        var member = new GroupMember(ana, GroupRole.Member);
        var info = new GroupInfo(group, "Team", ana, time, null, true, false, false, true, false, 0, false, null, [member], "1");
        var joined = Tell(new GroupJoined("a", time, group, info, ana));
        Assert.Equal(["group.v2.join", "group.join"], joined.Select(e => e.Event));
        Fits("GroupV2JoinEvent", joined[0]);
        Answers.Same("""{"id":"120363000000000001@g.us","subject":"Team","description":"","membersCanAddNewMember":true,"membersCanSendMessages":true,"newMembersApprovalRequired":false,"participants":[{"id":"LID","pn":"5511900000001@c.us","role":"participant"}]}""".Replace("LID", $"{_ana.Lid}", StringComparison.Ordinal), joined[0].Payload["group"]);
        Fits("GroupV2LeaveEvent", Tell(new GroupLeft("b", time, group, null))[0]);
        var demoted = Assert.Single(Tell(new GroupParticipantsChanged("c", time, group, GroupMemberChange.Demoted, [member], ana)));
        Fits("GroupV2ParticipantsEvent", demoted);
        Assert.Equal(("demote", 1_800_000_000L, "participant"), (demoted.Payload["type"]!.ToString(), demoted.Payload["timestamp"]!.GetValue<long>(), demoted.Payload["participants"]![0]!["role"]!.ToString()));
        var left = Assert.Single(Tell(new GroupParticipantsChanged("d", time, group, GroupMemberChange.Left, [member], ana)));
        Assert.Equal("left", left.Payload["participants"]![0]!["role"]!.ToString());
        var updated = Assert.Single(Tell(new GroupUpdated("e", time, group, new() { IsAnnounce = true }, ana)));
        Fits("GroupV2UpdateEvent", updated);
        Answers.Same("""{"id":"120363000000000001@g.us","membersCanSendMessages":false}""", updated.Payload["group"]);
        var linked = Assert.Single(Tell(new GroupUpdated("h", time, group, new() { Link = new(GroupLinkKind.Community, new("120363000000000009", JidServer.Group), "Town", true, null) }, ana)));
        Fits("GroupV2UpdateEvent", linked);
        Answers.Same("""{"id":"120363000000000001@g.us","linkedParent":"120363000000000009@g.us"}""", linked.Payload["group"]);
        Answers.Same("""{"type":"parent_group","id":"120363000000000009@g.us","subject":"Town","linked":true,"reason":null}""", linked.Payload["_data"]!["link"]);
        var acked = Assert.Single(Tell(new MessageAcked("f", time, "3EB0AA", new(group, null, null), ana, true, AckLevel.Read, null)));
        Assert.Equal(("message.ack.group", AnaId), (acked.Event, acked.Payload["participant"]!.ToString()));
        var received = Assert.Single(Tell(new MessageReceived("g", time, "3AAA", new(group, null, null), ana, false, "Ana", new() { Conversation = "hi" }, false)));
        Assert.Equal(($"false_120363000000000001@g.us_3AAA_{AnaId}", AnaId), (received.Payload["id"]!.ToString(), received.Payload["participant"]!.ToString()));
    }

    [Fact]
    public async Task A_group_of_a_community_and_the_community_itself_show_what_they_are()
    {
        var (community, announcements) = _ana.Groups.CreateCommunity("Town", "5511900000099");
        var whole = await CheckAsync("GET", $"/{community}", null, 200);
        Assert.Equal((true, true, null), (whole!["isCommunity"]!.GetValue<bool>(), whole["IsParent"]!.GetValue<bool>(), whole["linkedParent"]));
        var part = await CheckAsync("GET", $"/{announcements}", null, 200);
        Assert.Equal((community.ToString(), community.ToString()), (part!["linkedParent"]!.ToString(), part["LinkedParentJID"]!.ToString()));
        Assert.Equal((true, true, false), (part["isCommunityAnnounce"]!.GetValue<bool>(), part["IsDefaultSubGroup"]!.GetValue<bool>(), part["isCommunity"]!.GetValue<bool>()));
    }

    [Fact]
    public async Task A_session_that_ignores_groups_tells_nothing_of_them_and_still_writes_to_them()
    {
        var id = await CreateAsync();
        await World.Api.ExpectAsync(HttpMethod.Put, "/api/sessions/shop", new JsonObject { ["config"] = new JsonObject { ["ignore"] = new JsonObject { ["groups"] = true } } }, 200, Ct);
        await World.WaitStatusAsync("shop", "WORKING", Ct);
        await World.Api.ExpectAsync(HttpMethod.Post, "/api/sendText", new JsonObject { ["session"] = "shop", ["chatId"] = id, ["text"] = "still there" }, 201, Ct);
        Assert.Equal("still there", (await _ana.Incoming.ReadAsync(Ct)).Text);
        var heard = World.Listen();
        var ignored = _ana.Groups.SendText(Jid.Parse(id), "nobody hears this");
        var direct = _ana.SendText("5511900000099", "but this");
        var told = await heard.WaitAsync(events => events.Any(e => e.ToJsonString().Contains(direct, StringComparison.Ordinal)), Ct);
        Assert.DoesNotContain(told, e => e.ToJsonString().Contains(ignored, StringComparison.Ordinal));
    }

    private static List<PublicEvent> Tell(EngineEvent engineEvent)
    {
        var events = new SessionEvents("shop", new MediaLinks(new Settings()), () => new(OurId, null, null, "Shop"));
        return [.. events.For(engineEvent).Select(entry => PublicEvent.Read(entry.Event))];
    }

    private void Fits(string schema, PublicEvent publicEvent) => Assert.Empty(Contract.CheckSchema(schema, publicEvent.Payload));

    private async Task<string> CreateAsync() =>
        (await CheckAsync("POST", "", $$"""{"name":"Team","participants":[{"id":"{{AnaId}}"}]}""", 201))!["id"]!.ToString();

    private Task<JsonNode?> CheckAsync(string method, string path, string? body, int status, string? template = null) => CheckAsync(
        method, "/api/{session}/groups" + (template ?? string.Join('/', path.Split('/').Select(part => part.EndsWith("@g.us", StringComparison.Ordinal) ? "{id}" : part))),
        "/api/shop/groups" + path, body, status);
}
