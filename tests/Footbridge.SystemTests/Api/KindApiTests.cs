using System.Text.Json.Nodes;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Api;

/// <summary>Every operation that sends, changes or reads messages, over HTTP, as the other side's phone shows the result.</summary>
public sealed class KindApiTests() : ContractTest(90)
{
    private const string Chat = "5511900000001@c.us";
    private FakePhone _ana = null!;
    private FakePhone _shop = null!;

    protected override async Task PrepareAsync()
    {
        _ana = World.WhatsApp.AddAccount("5511900000001", "Ana Example");
        _shop = World.WhatsApp.AddAccount("5511900000099", "Shop");
        await World.LinkAsync("shop", _shop, Ct);
    }

    [Fact]
    public async Task Texts_carry_their_quote_their_mentions_and_the_id_that_was_asked_for()
    {
        var question = _ana.SendText(_shop.Number.User, "which?");
        await ArrivedAsync(question);
        var id = (await SendAsync("GET", "/api/{session}/new-message-id", "/api/shop/new-message-id", null, 200))!["id"]!.ToString();
        var sent = await SendAsync("POST", "/api/sendText", new() { ["text"] = "this @5511900000001", ["reply_to"] = $"false_{Chat}_{question}", ["mentions"] = new JsonArray(Chat), ["id"] = id });
        Assert.Equal((id, $"true_{Chat}_{id}", question, "which?"), (sent["key"]!["id"]!.ToString(), sent["id"]!.ToString(), sent["replyTo"]!["id"]!.ToString(), sent["replyTo"]!["body"]!.ToString()));
        var shown = await _ana.Incoming.ReadAsync(Ct);
        Assert.Equal((id, question, "which?"), (shown.Id, shown.QuotedId, shown.Content.ExtendedTextMessage.ContextInfo.QuotedMessage.ExtendedTextMessage.Text));
        Assert.Equal(_ana.Lid.ToString(), Assert.Single(shown.Content.ExtendedTextMessage.ContextInfo.MentionedJid));

        await SendAsync("POST", "/api/reply", new() { ["text"] = 42, ["reply_to"] = "not an id at all" });
        Assert.Equal(("42", null), ((await _ana.Incoming.ReadAsync(Ct)) is var plain ? plain.Text : "", plain.QuotedId));
        await SendAsync("GET", "/api/sendText", "/api/sendText?session=shop&phone=5511900000001&text=by%20address", null, 200);
        Assert.Equal("by address", (await _ana.Incoming.ReadAsync(Ct)).Text);
        await SendAsync("POST", "/api/sendLinkPreview", new() { ["url"] = "https://example.org/x", ["title"] = "A page" });
        var link = (await _ana.Incoming.ReadAsync(Ct)).Content.ExtendedTextMessage;
        Assert.Equal(("A page\nhttps://example.org/x", "https://example.org/x", "A page"), (link.Text, link.MatchedText, link.Title));
        await SendAsync("POST", "/api/send/link-custom-preview", new()
        {
            ["text"] = "see https://example.org/y",
            ["preview"] = new JsonObject { ["url"] = "https://example.org/y", ["title"] = "T", ["description"] = "D", ["image"] = new JsonObject { ["data"] = "/9j/2Q==" } },
        });
        var custom = (await _ana.Incoming.ReadAsync(Ct)).Content.ExtendedTextMessage;
        Assert.Equal(("T", "D", 4), (custom.Title, custom.Description, custom.JpegThumbnail.Length));
    }

    [Fact]
    public async Task Places_contacts_polls_events_and_menus_arrive_as_they_were_asked_for()
    {
        var place = await SendAsync("POST", "/api/sendLocation", new() { ["latitude"] = -23.5, ["longitude"] = "-46.6", ["title"] = "Shop" });
        Assert.Equal(("-23.5", "-46.6", false), (place["location"]!["latitude"]!.ToString(), place["location"]!["longitude"]!.ToString(), place["location"]!["live"]!.GetValue<bool>()));
        Assert.Equal("Shop", (await _ana.Incoming.ReadAsync(Ct)).Content.LocationMessage.Name);

        var cards = await SendAsync("POST", "/api/sendContactVcard", new()
        {
            ["contacts"] = new JsonArray(
                new JsonObject { ["vcard"] = "BEGIN:VCARD\nFN:Ben\nEND:VCARD" }, new JsonObject { ["fullName"] = "Eva", ["phoneNumber"] = "+55 11 90000-0003", ["whatsappId"] = "5511900000003" }),
        });
        Assert.Equal(2, cards["vCards"]!.AsArray().Count);
        Assert.Equal(["Ben", "Eva"], (await _ana.Incoming.ReadAsync(Ct)).Content.ContactsArrayMessage.Contacts.Select(c => c.DisplayName));

        var poll = await SendAsync("POST", "/api/sendPoll", new() { ["poll"] = new JsonObject { ["name"] = "Lunch?", ["options"] = new JsonArray("Soup", "Bread"), ["multipleAnswers"] = false } });
        Assert.Equal(["Soup", "Bread"], (await _ana.Incoming.ReadAsync(Ct)).Content.PollCreationMessageV3.Options.Select(o => o.OptionName));
        await SendAsync("POST", "/api/sendPollVote", new() { ["pollMessageId"] = poll["id"]!.ToString(), ["votes"] = new JsonArray("Soup") });
        Assert.NotNull((await _ana.Incoming.ReadAsync(Ct)).Content.PollUpdateMessage);

        await SendAsync("POST", "/api/{session}/events", "/api/shop/events", new() { ["chatId"] = Chat, ["event"] = new JsonObject { ["name"] = "Opening", ["startTime"] = 1_800_000_000, ["location"] = new JsonObject { ["name"] = "Shop" } } }, 201);
        Assert.Equal(("Opening", 1_800_000_000L), ((await _ana.Incoming.ReadAsync(Ct)) is var e ? e.Content.EventMessage.Name : "", e.Content.EventMessage.StartTime));

        await SendAsync("POST", "/api/sendList", new()
        {
            ["message"] = new JsonObject { ["title"] = "Menu", ["button"] = "Choose", ["sections"] = new JsonArray(new JsonObject { ["title"] = "Hot", ["rows"] = new JsonArray(new JsonObject { ["title"] = "Soup", ["rowId"] = "1" }) }) },
        });
        Assert.Equal("Soup", (await _ana.Incoming.ReadAsync(Ct)).Content.ListMessage.Sections[0].Rows[0].Title);
        await SendAsync("POST", "/api/sendButtons", new()
        {
            ["header"] = "H",
            ["body"] = "B",
            ["footer"] = "F",
            ["buttons"] = new JsonArray(new JsonObject { ["type"] = "url", ["text"] = "Open", ["url"] = "https://example.org" }),
        });
        Assert.Equal("cta_url", (await _ana.Incoming.ReadAsync(Ct)).Content.InteractiveMessage.NativeFlowMessage.Buttons[0].Name);
        await SendAsync("POST", "/api/send/buttons/reply", new() { ["selectedDisplayText"] = "Yes", ["selectedButtonID"] = "b1" });
        Assert.Equal(("b1", "Yes"), ((await _ana.Incoming.ReadAsync(Ct)) is var r ? r.Content.ButtonsResponseMessage.SelectedButtonId : "", r.Content.ButtonsResponseMessage.SelectedDisplayText));
    }

    [Fact]
    public async Task Messages_are_reacted_to_forwarded_edited_pinned_and_taken_back()
    {
        var news = _ana.SendText(_shop.Number.User, "news");
        await ArrivedAsync(news);
        await SendAsync("PUT", "/api/reaction", "/api/reaction", new() { ["session"] = "shop", ["messageId"] = $"false_{Chat}_{news}", ["reaction"] = "👍" }, 200);
        var reaction = (await _ana.Incoming.ReadAsync(Ct)).Content.ReactionMessage;
        Assert.Equal((news, "👍", false), (reaction.Key.Id, reaction.Text, reaction.Key.FromMe));
        await SendAsync("POST", "/api/forwardMessage", new() { ["messageId"] = news });
        var forwarded = (await _ana.Incoming.ReadAsync(Ct)).Content.ExtendedTextMessage;
        Assert.Equal(("news", true), (forwarded.Text, forwarded.ContextInfo.IsForwarded));
        var (_, unknown) = await World.Api.ExpectAsync(HttpMethod.Post, "/api/forwardMessage", new JsonObject { ["session"] = "shop", ["chatId"] = Chat, ["messageId"] = "3EB0FFFF" }, 422, Ct);
        Assert.Equal("Message with id '3EB0FFFF' not found", unknown!["message"]!.ToString());

        var own = await SendAsync("POST", "/api/sendText", new() { ["text"] = "mine" });
        await _ana.Incoming.ReadAsync(Ct);
        var path = $"/api/shop/chats/{Chat.Replace("@", "%40", StringComparison.Ordinal)}/messages/{own["id"]!.ToString().Replace("@", "%40", StringComparison.Ordinal)}";
        const string template = "/api/{session}/chats/{chatId}/messages/{messageId}";
        await SendAsync("PUT", template, path, new() { ["text"] = "better" }, 200);
        Assert.Equal("better", (await _ana.Incoming.ReadAsync(Ct)).Content.EditedMessage.Message.ProtocolMessage.EditedMessage.ExtendedTextMessage.Text);
        Assert.True((await SendAsync("POST", template + "/pin", path + "/pin", new() { ["duration"] = 86_400 }, 201))!["success"]!.GetValue<bool>());
        Assert.Equal(own["key"]!["id"]!.ToString(), (await _ana.Incoming.ReadAsync(Ct)).Content.PinInChatMessage.Key.Id);
        await SendAsync("POST", template + "/unpin", path + "/unpin", null, 201);
        await _ana.Incoming.ReadAsync(Ct);
        await SendAsync("DELETE", template, path, null, 200);
        Assert.Equal(own["key"]!["id"]!.ToString(), (await _ana.Incoming.ReadAsync(Ct)).Content.ProtocolMessage.Key.Id);
    }

    [Fact]
    public async Task Reading_is_told_for_named_messages_and_for_all_that_is_unread()
    {
        var ids = new[] { "one", "two", "three" }.Select(text => _ana.SendText(_shop.Number.User, text)).ToList();
        await ArrivedAsync(ids[^1]);
        await SendAsync("POST", "/api/sendSeen", new() { ["messageIds"] = new JsonArray($"false_{Chat}_{ids[0]}") });
        var read = await SendAsync("POST", "/api/{session}/chats/{chatId}/messages/read", $"/api/shop/chats/{Chat}/messages/read?messages=1", null, 201);
        Assert.Equal([$"false_{Chat}_{ids[2]}"], read!["ids"]!.AsArray().Select(id => id!.ToString()));
        var rest = await SendAsync("POST", "/api/sendSeen", []);
        Assert.Equal([$"false_{Chat}_{ids[1]}"], rest["ids"]!.AsArray().Select(id => id!.ToString()));
        Assert.Empty((await SendAsync("POST", "/api/sendSeen", []))["ids"]!.AsArray());
        var changed = new SemaphoreSlim(0);
        _ana.Changed += () => changed.Release();
        while (!ids.TrueForAll(id => _ana.Receipts.Any(r => r.MessageId == id && r.Type == "read"))) await changed.WaitAsync(Ct);
    }

    [Theory]
    [InlineData("POST", "/api/sendLocation", """{"latitude":91,"longitude":0}""", 400, "latitude must be a number of degrees from -90 to 90")]
    [InlineData("POST", "/api/sendContactVcard", """{"contacts":[]}""", 400, "contacts should not be empty")]
    [InlineData("POST", "/api/sendPoll", """{"poll":{"name":"x","options":["one"]}}""", 400, "poll.options must have 2 to 12 values")]
    [InlineData("POST", "/api/sendPollVote", """{"pollMessageId":"3EB0AA"}""", 400, "votes must be an array")]
    [InlineData("POST", "/api/sendList", """{"message":{"title":"x","button":"y"}}""", 400, "sections should not be empty")]
    [InlineData("POST", "/api/sendButtons", """{"buttons":[{"type":"fly","text":"x"}]}""", 400, "type must be one of the following values: reply, url, call, copy")]
    [InlineData("POST", "/api/send/link-custom-preview", """{"text":"x","preview":{"url":"https://example.org"}}""", 422, "The text must contain preview.url")]
    [InlineData("POST", "/api/sendText", """{"text":"x","mentions":["all"]}""", 422, "mentions: \"all\" works in groups only")]
    [InlineData("POST", "/api/sendText", """{"text":"x","mentions":{"a":1}}""", 400, "mentions must be an array")]
    [InlineData("POST", "/api/sendText", """{"text":"x","id":"with space"}""", 400, "Message id be in format false_11111111111@c.us_AAAAAAAAAAAAAAAAAAAA[_participant]")]
    [InlineData("PUT", "/api/reaction", """{"messageId":"3EB0AA","reaction":"x"}""", 400, "Message id be in format false_11111111111@c.us_AAAAAAAAAAAAAAAAAAAA[_participant]")]
    [InlineData("DELETE", "/api/shop/chats/5511900000001/messages/false_5511900000001@c.us_AA", "{}", 404, "Message not found")]
    [InlineData("POST", "/api/shop/chats/5511900000001/messages/AA/pin", """{"duration":5}""", 400, "duration must be one of the following values: 86400, 604800, 2592000")]
    public async Task What_cannot_be_done_is_refused_with_the_field_and_the_reason(string method, string path, string body, int status, string message)
    {
        var fields = JsonNode.Parse(body)!.AsObject();
        (fields["session"], fields["chatId"]) = ("shop", Chat);
        var (_, answer) = await World.Api.ExpectAsync(new(method), path, fields, status, Ct);
        Assert.Equal(message, answer!["message"] is JsonArray list ? list[0]!.ToString() : answer["message"]!.ToString());
    }

    [Fact]
    public async Task A_refusal_of_whatsapp_says_until_when_it_lasts()
    {
        World.WhatsApp.Rules.ReachOutEnds = new DateTimeOffset(2030, 1, 2, 3, 4, 0, TimeSpan.Zero);
        World.WhatsApp.Rules.Refuses = (_, _) => 463;
        var refused = await World.PostAsync("/api/sendText", new() { ["session"] = "shop", ["chatId"] = Chat, ["text"] = "x" }, 429, Ct);
        Assert.Equal("WhatsApp does not let this account write to people who have not written to it until 2030-01-02 03:04 UTC (error 463)", refused!["message"]!.ToString());
    }

    /// <summary>Sends to Ana through the shop's session and checks the answer.</summary>
    private async Task<JsonObject> SendAsync(string method, string path, JsonObject body)
    {
        (body["session"], body["chatId"]) = ("shop", Chat);
        return (JsonObject)(await SendAsync(method, path, path, body, 201) ?? new JsonObject());
    }

    private async Task<JsonNode?> SendAsync(string method, string template, string path, JsonObject? body, int status)
    {
        var answer = await World.Api.ExpectAsync(new(method), path, body, status, Ct);
        if (answer.Body is null) return null;
        var errors = Contract.Check(method, template, answer.Status, answer.Body);
        Assert.True(errors.Count == 0, $"{method} {path}: {string.Join("; ", errors)}\n{answer.Body.ToJsonString()}");
        return answer.Body;
    }

    /// <summary>Waits until the session has taken a message in: the receipt leaves only after it is stored.</summary>
    private Task ArrivedAsync(string id) => World.WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "receipt" && s.Node["id"] == id && s.Node["type"] != "retry", Ct);
}
