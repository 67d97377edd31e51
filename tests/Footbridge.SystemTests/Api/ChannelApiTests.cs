using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Api;

/// <summary>The operations of WAHA's tag Channels, and sends and reactions to channels, held to the published contract.</summary>
public sealed class ChannelApiTests : ContractTest
{
    private FakePhone _ana = null!;

    protected override async Task PrepareAsync()
    {
        _ana = World.WhatsApp.AddAccount("5511900000001", "Ana Example");
        await World.LinkAsync("shop", World.WhatsApp.AddAccount("5511900000099", "Shop"), Ct);
    }

    [Fact]
    public async Task A_channel_is_made_listed_by_role_shown_and_deleted()
    {
        var made = await CheckAsync("POST", "", """{"name":"News","description":"What is new","picture":{"mimetype":"image/jpeg","data":"/9j/4AAQSkZJRgABAQAAAQABAAD/2Q=="}}""", 201);
        var id = made!["id"]!.ToString();
        Assert.Equal(("News", "What is new", "OWNER", 1), (made["name"]!.ToString(), made["description"]!.ToString(), made["role"]!.ToString(), made["subscribersCount"]!.GetValue<int>()));
        Assert.StartsWith("https://mmg.whatsapp.net/", made["picture"]!.ToString(), StringComparison.Ordinal);
        Assert.Single((await CheckAsync("GET", "?role=OWNER", null, 200, ""))!.AsArray());
        Assert.Empty((await CheckAsync("GET", "?role=SUBSCRIBER", null, 200, ""))!.AsArray());
        var invite = made["invite"]!.ToString();
        foreach (var name in new[] { id, id.Replace("@", "%40", StringComparison.Ordinal), invite.Split('/')[^1], Uri.EscapeDataString(invite) })
        {
            Assert.Equal(id, (await CheckAsync("GET", "/" + name, null, 200, "/{id}"))!["id"]!.ToString());
        }

        await CheckAsync("DELETE", "/" + id, null, 200, "/{id}");
        Assert.Empty((await CheckAsync("GET", "", null, 200))!.AsArray());
    }

    [Fact]
    public async Task A_channel_is_followed_muted_unmuted_and_left()
    {
        var id = _ana.Channels.Create("Ana's");
        var channel = World.WhatsApp.Channels.Get(id);
        var us = World.WhatsApp.FindDevice(new("5511900000099", JidServer.User))!.Account;
        await CheckAsync("POST", $"/{id}/follow", null, 201, "/{id}/follow");
        await CheckAsync("POST", $"/{id}/mute", null, 201, "/{id}/mute");
        Assert.True(channel.IsMutedBy(us));
        Assert.Equal("SUBSCRIBER", Assert.Single((await CheckAsync("GET", "", null, 200))!.AsArray())!["role"]!.ToString());
        await CheckAsync("POST", $"/{id}/unmute", null, 201, "/{id}/unmute");
        Assert.False(channel.IsMutedBy(us));
        await CheckAsync("POST", $"/{id}/unfollow", null, 201, "/{id}/unfollow");
        Assert.False(channel.IsFollowedBy(us));
    }

    [Fact]
    public async Task The_directory_is_searched_by_text_and_by_view()
    {
        foreach (var name in new[] { "Cooking one", "Cooking two", "Sports" }) _ana.Channels.Create(name);
        var first = await CheckAsync("POST", "/search/by-text", """{"text":"cooking","limit":1}""", 200);
        Answers.Same("""{"startCursor":"0","endCursor":"1","hasNextPage":true,"hasPreviousPage":false}""", first!["page"]);
        var second = await CheckAsync("POST", "/search/by-text", """{"text":"cooking","limit":1,"startCursor":"1","categories":[]}""", 200);
        Assert.Equal("Cooking two", second!["channels"]![0]!["name"]!.ToString());
        Assert.Equal(3, (await CheckAsync("POST", "/search/by-view", "{}", 200))!["channels"]!.AsArray().Count);
        Assert.Contains("RECOMMENDED", (await CheckAsync("GET", "/search/views", null, 200))!.AsArray().Select(v => v!["value"]!.ToString()));
        Assert.Contains("BR", (await CheckAsync("GET", "/search/countries", null, 200))!.AsArray().Select(c => c!["code"]!.ToString()));
        Assert.Contains("SPORTS", (await CheckAsync("GET", "/search/categories", null, 200))!.AsArray().Select(c => c!["value"]!.ToString()));
    }

    [Fact]
    public async Task The_latest_messages_are_shown_with_views_and_reactions()
    {
        var id = _ana.Channels.Create("Ana's");
        _ana.Channels.PostText(id, "old");
        var post = _ana.Channels.PostText(id, "new");
        _ana.Channels.React(id, post, "🎉");
        var shown = Assert.Single((await CheckAsync("GET", $"/{id}/messages/preview?downloadMedia=false&limit=1", null, 200, "/{id}/messages/preview"))!.AsArray())!;
        Answers.Same("""{"🎉":1}""", shown["reactions"]);
        Assert.Equal(($"false_{id}_{post}", "new", 2), (shown["message"]!["id"]!.ToString(), shown["message"]!["body"]!.ToString(), shown["message"]!["_data"]!["serverId"]!.GetValue<int>()));
        var byCode = await CheckAsync("GET", $"/{World.WhatsApp.Channels.Get(id).InviteCode}/messages/preview", null, 200, "/{id}/messages/preview");
        Assert.Equal(2, byCode!.AsArray().Count);
    }

    [Fact]
    public async Task A_text_to_our_channel_reaches_its_followers_and_is_edited_and_deleted_by_its_id()
    {
        var id = (await CheckAsync("POST", "", """{"name":"News"}""", 201))!["id"]!.ToString();
        _ana.Channels.Follow(Jid.Parse(id));
        var sent = (await World.Api.ExpectAsync(HttpMethod.Post, "/api/sendText", new JsonObject { ["session"] = "shop", ["chatId"] = id, ["text"] = "hello followers" }, 201, Ct)).Body!;
        Assert.Equal($"true_{id}_{sent["key"]!["id"]}", sent["id"]!.ToString());
        Assert.Equal("hello followers", (await _ana.Incoming.ReadAsync(Ct)).Text);
        await World.Api.ExpectAsync(HttpMethod.Put, $"/api/shop/chats/{id}/messages/{sent["id"]}", new JsonObject { ["text"] = "better" }, 200, Ct);
        Assert.Equal("better", (await _ana.Incoming.ReadAsync(Ct)).Text);
        await World.Api.ExpectAsync(HttpMethod.Delete, $"/api/shop/chats/{id}/messages/{sent["id"]}", null, 200, Ct);
        Assert.Equal(0, (await _ana.Incoming.ReadAsync(Ct)).Content.CalculateSize());
    }

    [Theory]
    [InlineData("false_{0}_1_{1}")]
    [InlineData("false_{0}_1")]
    [InlineData("false_{0}_{1}")]
    public async Task A_reaction_takes_each_form_of_a_channel_messages_id(string form)
    {
        var id = _ana.Channels.Create("Ana's");
        var post = _ana.Channels.PostText(id, "hello");
        await CheckAsync("GET", $"/{id}/messages/preview", null, 200, "/{id}/messages/preview");
        var messageId = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, id, post);
        await World.Api.ExpectAsync(HttpMethod.Put, "/api/reaction", new JsonObject { ["session"] = "shop", ["messageId"] = messageId, ["reaction"] = "👍" }, 200, Ct);
        Assert.Equal(1, World.WhatsApp.Channels.Get(id).CountReactions(1, "👍"));
    }

    [Fact]
    public async Task A_reaction_to_a_channel_message_without_a_known_number_is_refused_in_WAHAs_words()
    {
        var id = _ana.Channels.Create("Ana's");
        var answer = await World.Api.ExpectAsync(HttpMethod.Put, "/api/reaction", new JsonObject { ["session"] = "shop", ["messageId"] = $"false_{id}_3AFFFFFFFF", ["reaction"] = "👍" }, 422, Ct);
        Assert.Equal("Unable to get server id for channel message", answer.Body!["message"]!.ToString());
    }

    [Theory]
    [InlineData("POST", "", "{}")]
    [InlineData("POST", "", """{"name":"x","picture":{"data":"AAAA","mimetype":"image/jpeg"}}""")]
    [InlineData("GET", "?role=BOSS", null)]
    [InlineData("GET", "/no%20code%21", null)]
    [InlineData("POST", "/120363000000000001@g.us/follow", null)]
    [InlineData("POST", "/search/by-text", "{}")]
    [InlineData("POST", "/search/by-view", """{"view":"OLD"}""")]
    [InlineData("POST", "/search/by-view", """{"countries":["XX"]}""")]
    [InlineData("POST", "/search/by-view", """{"limit":0}""")]
    public async Task A_call_that_cannot_be_meant_is_refused_with_400(string method, string path, string? body) =>
        await World.Api.ExpectAsync(new(method), "/api/shop/channels" + path, body is null ? null : JsonNode.Parse(body), 400, Ct);

    private Task<JsonNode?> CheckAsync(string method, string path, string? body, int status, string? template = null) =>
        CheckAsync(method, "/api/{session}/channels" + (template ?? path), "/api/shop/channels" + path, body, status);
}
