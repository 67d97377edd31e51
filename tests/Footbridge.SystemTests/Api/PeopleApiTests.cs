using System.Text.Json.Nodes;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Api;

/// <summary>People over HTTP: each answer held to WAHA's contract, each effect seen at the other side.</summary>
public sealed class PeopleApiTests : ContractTest
{
    private const string Jpeg = "/9j/4AAQSkZJRg==";
    private FakePhone _ana = null!;
    private FakePhone _shop = null!;

    protected override async Task PrepareAsync()
    {
        _ana = World.WhatsApp.AddAccount("5511900000001", "Ana Example");
        _shop = World.WhatsApp.AddAccount("5511900000099", "Shop");
        await World.LinkAsync("shop", _shop, Ct);
    }

    [Fact]
    public async Task A_number_is_answered_as_whatsapp_writes_it()
    {
        _ana.People.AddSpelling("551100000001");
        foreach (var phone in new[] { "551100000001", "%2B5511900000001", "5511900000001@c.us" })
        {
            var found = await CheckAsync("GET", "/api/contacts/check-exists", $"/api/contacts/check-exists?session=shop&phone={phone}", null, 200);
            Answers.Same("""{"numberExists":true,"chatId":"5511900000001@c.us"}""", found);
        }

        Answers.Same("""{"numberExists":false}""", await CheckAsync("GET", "/api/checkNumberStatus", "/api/checkNumberStatus?session=shop&phone=5511999999990", null, 200));
        await World.Api.GetAsync("/api/contacts/check-exists?session=shop", 400, Ct);
    }

    [Fact]
    public async Task Lids_and_numbers_lead_to_each_other()
    {
        var pair = $$"""{"lid":"{{_ana.Lid}}","pn":"5511900000001@c.us"}""";
        Answers.Same(pair, await CheckAsync("GET", "/api/{session}/lids/pn/{phoneNumber}", "/api/shop/lids/pn/5511900000001%40c.us", null, 200));
        Answers.Same(pair, await CheckAsync("GET", "/api/{session}/lids/{lid}", $"/api/shop/lids/{_ana.Lid.User}", null, 200));
        Answers.Same(pair, await CheckAsync("GET", "/api/{session}/lids/{lid}", $"/api/shop/lids/{_ana.Lid.User}%40lid", null, 200));
        Assert.Contains(pair, (await CheckAsync("GET", "/api/{session}/lids", "/api/shop/lids?limit=10", null, 200))!.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty((await CheckAsync("GET", "/api/{session}/lids", "/api/shop/lids?limit=10&offset=10", null, 200))!.AsArray());
        var count = await CheckAsync("GET", "/api/{session}/lids/count", "/api/shop/lids/count", null, 200);
        Assert.Equal((await World.Api.GetAsync("/api/shop/lids", 200, Ct)).Body!.AsArray().Count, count!["count"]!.GetValue<int>());

        Answers.Same("""{"lid":"999@lid","pn":null}""", (await World.Api.GetAsync("/api/shop/lids/999", 200, Ct)).Body);
        Answers.Same("""{"lid":null,"pn":"5511999999990@c.us"}""", (await World.Api.GetAsync("/api/shop/lids/pn/5511999999990", 200, Ct)).Body);
        var refused = await World.Api.GetAsync("/api/shop/lids/5511900000001@c.us", 422, Ct);
        Assert.Equal("Invalid LID - it must end with @lid", refused.Body!["message"]!.ToString());
    }

    [Fact]
    public async Task Pictures_are_shown_kept_for_a_day_and_asked_for_again_on_demand()
    {
        Answers.Same("""{"url":null}""", (await World.Api.GetAsync("/api/shop/chats/5511900000001@c.us/picture", 200, Ct)).Body);
        var id = _ana.People.SetPicture(Convert.FromBase64String(Jpeg));
        var shown = await CheckAsync("GET", "/api/{session}/chats/{chatId}/picture", "/api/shop/chats/5511900000001%40c.us/picture?refresh=true", null, 200);
        Assert.EndsWith("/pictures/" + id, shown!["url"]!.ToString(), StringComparison.Ordinal);
        var contact = await CheckAsync("GET", "/api/contacts/profile-picture", "/api/contacts/profile-picture?session=shop&contactId=5511900000001@c.us", null, 200);
        Assert.Equal(shown["url"]!.ToString(), contact!["profilePictureURL"]!.ToString());
        World.WhatsApp.Faults.FromClient = (_, node) => node["xmlns"] == "w:profile:picture" ? new Footbridge.Simulator.WhatsApp.Fault.Error(429, "rate-overlimit") : null;
        await World.Api.GetAsync("/api/shop/chats/5511900000001@c.us/picture", 200, Ct);
        using (var limited = await World.Api.GetAsync("/api/shop/chats/5511900000001@c.us/picture?refresh=True", Ct))
        {
            Assert.Equal((429, "60"), ((int)limited.StatusCode, Assert.Single(limited.Headers.GetValues("Retry-After"))));
        }

        await World.Api.GetAsync("/api/shop/chats/5511900000001@c.us/picture?refresh=maybe", 400, Ct);
    }

    [Fact]
    public async Task A_groups_picture_is_set_shown_and_removed()
    {
        const string Path = "/api/shop/groups/120363000000000001@g.us/picture";
        await CheckAsync("PUT", "/api/{session}/groups/{id}/picture", Path, $$$"""{"file":{"mimetype":"image/jpeg","data":"data:image/jpeg;base64,{{{Jpeg}}}"}}""", 200);
        await CheckAsync("GET", "/api/{session}/groups/{id}/picture", Path, null, 200);
        await CheckAsync("DELETE", "/api/{session}/groups/{id}/picture", Path, null, 200);
        Answers.Same("""{"url":null}""", (await World.Api.GetAsync(Path, 200, Ct)).Body);
        await World.Api.ExpectAsync(HttpMethod.Put, Path, JsonNode.Parse("""{"file":{"data":"iVBORw0KGgo="}}"""), 422, Ct);
        await World.Api.ExpectAsync(HttpMethod.Put, Path, JsonNode.Parse("{}"), 400, Ct);
        await World.Api.GetAsync("/api/shop/groups/5511900000001@c.us/picture", 400, Ct);
    }

    [Fact]
    public async Task About_texts_are_read_and_hidden_ones_are_null()
    {
        _ana.People.SetAbout("at the beach");
        Answers.Same("""{"about":"at the beach"}""", await CheckAsync("GET", "/api/contacts/about", "/api/contacts/about?session=shop&contactId=5511900000001", null, 200));
        _ana.People.Profile.HidesItself = true;
        Answers.Same("""{"about":null}""", await CheckAsync("GET", "/api/contacts/about", "/api/contacts/about?session=shop&contactId=5511900000001", null, 200));
    }

    [Fact]
    public async Task People_are_blocked_and_unblocked()
    {
        await CheckAsync("POST", "/api/contacts/block", "/api/contacts/block", """{"session":"shop","contactId":"5511900000001@c.us"}""", 201);
        Assert.Equal([_ana.Lid], _shop.People.Profile.Blocked);
        await CheckAsync("POST", "/api/contacts/unblock", "/api/contacts/unblock", $$"""{"session":"shop","contactId":"{{_ana.Lid}}"}""", 201);
        Assert.Empty(_shop.People.Profile.Blocked);
        await World.PostAsync("/api/contacts/block", new() { ["session"] = "shop", ["contactId"] = "5511999999990" }, 404, Ct);
        await World.PostAsync("/api/contacts/block", new() { ["session"] = "shop" }, 400, Ct);
    }

    [Fact]
    public async Task The_profile_is_shown_and_changed()
    {
        await CheckAsync("PUT", "/api/{session}/profile/name", "/api/shop/profile/name", """{"name":"Corner Shop"}""", 200);
        await CheckAsync("PUT", "/api/{session}/profile/status", "/api/shop/profile/status", """{"status":"open until six"}""", 200);
        Assert.Equal("open until six", _shop.People.Profile.About);
        await CheckAsync("PUT", "/api/{session}/profile/picture", "/api/shop/profile/picture", $$$"""{"file":{"data":"{{{Jpeg}}}"}}""", 200);
        var profile = await CheckAsync("GET", "/api/{session}/profile", "/api/shop/profile", null, 200);
        Assert.Equal(("5511900000099@c.us", "Corner Shop"), (profile!["id"]!.ToString(), profile["name"]!.ToString()));
        Assert.Contains("/pictures/", profile["picture"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("Corner Shop", (await World.Api.GetAsync("/api/sessions/shop/me", 200, Ct)).Body!["pushName"]!.ToString());
        await CheckAsync("DELETE", "/api/{session}/profile/picture", "/api/shop/profile/picture", null, 200);
        Assert.Null(_shop.People.Picture);
        await World.Api.ExpectAsync(HttpMethod.Put, "/api/shop/profile/name", JsonNode.Parse($$"""{"name":"{{new string('x', 26)}}"}"""), 400, Ct);
    }

    [Fact]
    public async Task Presence_goes_out_and_comes_in()
    {
        await CheckAsync("POST", "/api/{session}/presence/{chatId}/subscribe", "/api/shop/presence/5511900000001@c.us/subscribe", null, 201);
        await CheckAsync("POST", "/api/{session}/presence", "/api/shop/presence", """{"presence":"online"}""", 201);
        // The server has taken in what came before a query it has answered.
        await World.Api.GetAsync("/api/contacts/about?session=shop&contactId=5511900000001", 200, Ct);
        Assert.True(_shop.People.IsOnline);
        _ana.People.Type("5511900000099", "composing");
        await World.Api.GetAsync("/api/contacts/about?session=shop&contactId=5511900000001", 200, Ct);
        var seen = await CheckAsync("GET", "/api/{session}/presence/{chatId}", "/api/shop/presence/5511900000001@c.us", null, 200);
        Answers.Same("""{"id":"5511900000001@c.us","presences":[{"participant":"5511900000001@c.us","lastKnownPresence":"typing","lastSeen":null}]}""", seen);
        Assert.Equal("typing", (await CheckAsync("GET", "/api/{session}/presence", "/api/shop/presence", null, 200))![0]!["presences"]![0]!["lastKnownPresence"]!.ToString());

        await CheckAsync("POST", "/api/startTyping", "/api/startTyping", """{"session":"shop","chatId":"5511900000001@c.us"}""", 201);
        await _ana.People.WaitAsync(n => n.Child("composing") is not null, Ct);
        await CheckAsync("POST", "/api/stopTyping", "/api/stopTyping", """{"session":"shop","chatId":"5511900000001@c.us"}""", 201);
        await _ana.People.WaitAsync(n => n.Child("paused") is not null, Ct);
        await CheckAsync("POST", "/api/{session}/presence", "/api/shop/presence", """{"presence":"recording","chatId":"5511900000001@c.us"}""", 201);
        await _ana.People.WaitAsync(n => n.Child("composing")?["media"] == "audio", Ct);
    }

    [Fact]
    public async Task Presences_that_do_not_fit_their_scope_are_refused_in_wahas_words()
    {
        var tooMuch = await World.PostAsync("/api/shop/presence", new() { ["presence"] = "online", ["chatId"] = "5511900000001@c.us" }, 400, Ct);
        Answers.Same("""{"detail":"'online' presence works on the global scope and doesn't require 'chatId' field."}""", tooMuch);
        Answers.Same("""{"detail":"'typing' presence requires 'chatId' field."}""", await World.PostAsync("/api/shop/presence", new() { ["presence"] = "typing" }, 400, Ct));
        await World.PostAsync("/api/shop/presence", new() { ["presence"] = "asleep" }, 400, Ct);
    }

    [Fact]
    public async Task A_call_is_rejected()
    {
        var call = _ana.People.Call("5511900000099");
        await World.WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "ack" && s.Node["class"] == "call", Ct);
        await CheckAsync("POST", "/api/{session}/calls/reject", "/api/shop/calls/reject", $$"""{"from":"5511900000001@c.us","id":"{{call}}"}""", 201);
        var rejected = await _ana.People.WaitAsync(n => n.Tag == "call", Ct);
        Assert.Equal(call, rejected.Child("reject")!["call-id"]);
    }
}
