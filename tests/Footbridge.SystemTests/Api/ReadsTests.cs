using System.Text.Json.Nodes;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Api;

/// <summary>Chats, messages and contacts over HTTP, of a session that has talked.</summary>
public sealed class ReadsTests() : ContractTest(90)
{
    private const string Ana = "5511900000001@c.us";
    private FakePhone _ana = null!;
    private FakePhone _shop = null!;
    private HeardEvents _heard = null!;

    protected override async Task PrepareAsync()
    {
        _heard = World.Listen();
        _ana = World.WhatsApp.AddAccount("5511900000001", "Ana Example");
        _shop = World.WhatsApp.AddAccount("5511900000099", "Shop");
        await World.LinkAsync("shop", _shop, Ct);
    }

    [Fact]
    public async Task Messages_are_listed_filtered_and_found_under_either_id_of_the_chat()
    {
        var first = _ana.SendText(_shop.Number.User, "one");
        _ana.SendText(_shop.Number.User, "two");
        var own = _shop.SendText(_ana.Number.User, "three");
        await ThereAsync(3);
        var all = await ReadAsync("/api/{session}/chats/{chatId}/messages", "/api/shop/chats/5511900000001%40c.us/messages?sortOrder=asc&downloadMedia=false");
        Assert.Equal(["one", "two", "three"], Texts(all));
        Assert.Equal($"true_{Ana}_{own}", all[2]!["id"]!.ToString());
        Answers.Same(all.ToJsonString(), await ReadAsync("/api/{session}/chats/{chatId}/messages", $"/api/shop/chats/{_ana.Lid}/messages?sortOrder=asc"));
        Answers.Same(all.ToJsonString(), await ReadAsync("/api/messages", $"/api/messages?session=shop&chatId={Ana}&limit=10&sortOrder=asc"));
        Answers.Same(all.ToJsonString(), await ReadAsync("/api/{session}/chats/{chatId}/messages", "/api/shop/chats/all/messages?sortOrder=asc"));
        Assert.Equal(["three"], Texts(await ReadAsync("/api/{session}/chats/{chatId}/messages", $"/api/shop/chats/{Ana}/messages?filter.fromMe=true")));
        Assert.Equal(["two"], Texts(await ReadAsync("/api/{session}/chats/{chatId}/messages", $"/api/shop/chats/{Ana}/messages?filter.fromMe=false&limit=1")));
        Assert.Empty(await ReadAsync("/api/{session}/chats/{chatId}/messages", $"/api/shop/chats/{Ana}/messages?filter.timestamp.lte=1000"));
        foreach (var id in new[] { first, $"false_{Ana}_{first}", $"false_5511900000001%40c.us_{first}" })
        {
            foreach (var chat in new[] { Ana, "all" })
            {
                var (_, one) = await World.Api.GetAsync($"/api/shop/chats/{chat}/messages/{id}?downloadMedia=true", 200, Ct);
                Assert.Equal("one", one!["body"]!.ToString());
                Assert.Empty(Contract.Check("GET", "/api/{session}/chats/{chatId}/messages/{messageId}", 200, one));
            }
        }
    }

    [Fact]
    public async Task Chats_come_with_who_it_is_what_was_said_last_and_how_much_is_unread()
    {
        _ana.SendText(_shop.Number.User, "one");
        _ana.SendText(_shop.Number.User, "two");
        await ThereAsync(2);
        var chat = Assert.Single(await ReadAsync("/api/{session}/chats", "/api/shop/chats?sortBy=conversationTimestamp&sortOrder=desc&limit=10&offset=0&merge=True"));
        Assert.Equal((Ana, 2), (chat!["id"]!.ToString(), chat["unreadCount"]!.GetValue<int>()));
        Assert.Empty(await ReadAsync("/api/{session}/chats", "/api/shop/chats?offset=1"));
        var overview = await ReadAsync("/api/{session}/chats/overview", $"/api/shop/chats/overview?ids={Ana}");
        Assert.Equal("two", Assert.Single(overview)!["lastMessage"]!["body"]!.ToString());
        Answers.Same(chat.ToJsonString(), overview[0]!["_chat"]);
        var (_, posted) = await World.Api.ExpectAsync(
            HttpMethod.Post, "/api/shop/chats/overview", JsonNode.Parse("""{"pagination":{"limit":5,"offset":0,"merge":true},"filter":{"ids":["5511900000001@c.us","5511900000002@c.us"]}}"""), 201, Ct);
        Answers.Same(overview.ToJsonString(), posted);
        Assert.Empty(Contract.Check("POST", "/api/{session}/chats/overview", 201, posted));
    }

    [Fact]
    public async Task Reading_a_chat_tells_the_other_side_once_and_gives_the_ids()
    {
        var ids = new[] { _ana.SendText(_shop.Number.User, "one"), _ana.SendText(_shop.Number.User, "two") };
        await ThereAsync(2);
        var (_, read) = await World.Api.ExpectAsync(HttpMethod.Post, $"/api/shop/chats/{Ana}/messages/read?messages=1", null, 201, Ct);
        Assert.Equal([$"false_{Ana}_{ids[1]}"], read!["ids"]!.AsArray().Select(id => id!.ToString()));
        var (_, rest) = await World.Api.ExpectAsync(HttpMethod.Post, $"/api/shop/chats/{Ana}/messages/read", JsonNode.Parse("""{"days":1}"""), 201, Ct);
        Assert.Equal([$"false_{Ana}_{ids[0]}"], rest!["ids"]!.AsArray().Select(id => id!.ToString()));
        Assert.Empty(Contract.Check("POST", "/api/{session}/chats/{chatId}/messages/read", 201, rest));
        Assert.Empty((await World.Api.ExpectAsync(HttpMethod.Post, $"/api/shop/chats/{Ana}/messages/read", null, 201, Ct)).Body!["ids"]!.AsArray());
        var told = new TaskCompletionSource();
        _ana.Changed += Look;
        Look();
        await told.Task.WaitAsync(Ct);
        Assert.Equal(0, Assert.Single(await ReadAsync("/api/{session}/chats", "/api/shop/chats"))!["unreadCount"]!.GetValue<int>());

        void Look()
        {
            if (ids.All(id => _ana.Receipts.Any(receipt => receipt.MessageId == id && receipt.Type == "read"))) told.TrySetResult();
        }
    }

    [Fact]
    public async Task Contacts_carry_the_names_people_give_themselves_and_strangers_are_answered_too()
    {
        _ana.SendText(_shop.Number.User, "one");
        await ThereAsync(1);
        var (_, all) = await World.Api.GetAsync("/api/contacts/all?session=shop&sortBy=name&sortOrder=asc&limit=10", 200, Ct);
        var contact = Assert.Single(all!.AsArray());
        Assert.Equal((Ana, "5511900000001", "Ana Example", false), (contact!["id"]!.ToString(), contact["number"]!.ToString(), contact["pushname"]!.ToString(), contact["isMe"]!.GetValue<bool>()));
        foreach (var path in new[] { $"/api/contacts?session=shop&contactId={Ana}", $"/api/contacts?session=shop&contactId=5511900000001", $"/api/shop/contacts/{_ana.Lid}" })
        {
            Answers.Same(contact.ToJsonString(), (await World.Api.GetAsync(path, 200, Ct)).Body);
        }

        var (_, stranger) = await World.Api.GetAsync("/api/shop/contacts/5511900000055@c.us", 200, Ct);
        Assert.Equal("5511900000055@c.us", stranger!["id"]!.ToString());
        Assert.Null(stranger["pushname"]);
    }

    [Theory]
    [InlineData("/api/shop/chats?sortBy=size", 400, "sortBy must be one of the following values: conversationTimestamp, messageTimestamp, id, name")]
    [InlineData("/api/shop/chats?limit=many", 400, "limit must be a number")]
    [InlineData("/api/shop/chats/5511900000001@c.us/messages?filter.ack=SEEN", 400, "Invalid ack")]
    [InlineData("/api/shop/chats/5511900000001@c.us/messages?filter.fromMe=yes", 400, "filter.fromMe must be a boolean value")]
    [InlineData("/api/shop/chats/somebody/messages", 400, "chatId is not a chat id")]
    [InlineData("/api/messages?session=shop", 400, "chatId should not be empty")]
    [InlineData("/api/shop/chats/5511900000001@c.us/messages/3A00", 404, "Message not found")]
    [InlineData("/api/nobody/chats", 422, "does not exist")]
    public async Task A_question_that_cannot_be_answered_says_why(string path, int status, string reason)
    {
        var (_, answer) = await World.Api.GetAsync(path, status, Ct);
        Assert.Contains(reason, answer!.ToJsonString().Replace("\\u0022", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_overview_without_its_page_is_refused() =>
        Assert.Equal("pagination should not be null or undefined", (await World.Api.ExpectAsync(HttpMethod.Post, "/api/shop/chats/overview", new JsonObject(), 400, Ct)).Body!["message"]![0]!.ToString());

    [Fact]
    public async Task An_account_that_is_logged_out_leaves_nothing_behind()
    {
        _ana.SendText(_shop.Number.User, "one");
        await ThereAsync(1);
        await World.PostAsync("/api/sessions/shop/logout", [], 201, Ct);
        await World.WaitStatusAsync("shop", "SCAN_QR_CODE", Ct);
        var (_, qr) = await World.Api.GetAsync("/api/shop/auth/qr?format=raw", 200, Ct);
        await _shop.PairAsync(qr!["value"]!.ToString(), Ct);
        await World.WaitStatusAsync("shop", "WORKING", Ct);
        Assert.Empty(await ReadAsync("/api/{session}/chats", "/api/shop/chats"));
    }

    private static IEnumerable<string?> Texts(JsonArray messages) => messages.Select(message => message!["body"]?.ToString());

    private async Task<JsonArray> ReadAsync(string template, string path)
    {
        var (status, body) = await World.Api.GetAsync(path, 200, Ct);
        Assert.Empty(Contract.Check("GET", template, status, body));
        return body!.AsArray();
    }

    /// <summary>Waits until so many messages have arrived.</summary>
    private Task ThereAsync(int count) => _heard.WaitAsync(heard => heard.Count(e => e["event"]!.ToString() == "message.any") >= count, Ct);
}
