using System.Text.Json.Nodes;
using Footbridge.Protocol.AppState;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Storage.Labels;
using Footbridge.Simulator.WhatsApp.Phone;
using Microsoft.Extensions.DependencyInjection;

namespace Footbridge.SystemTests.Api;

/// <summary>Labels, chats, stars and contacts over HTTP, seen on the account's phone, and held to WAHA's published contract.</summary>
public sealed class StateApiTests : ContractTest
{
    private const string Chat = "5511900000001@c.us";
    private static readonly string Ana = new Jid("5511900000001", JidServer.User).ToString();
    private FakePhone _phone = null!;

    protected override async Task PrepareAsync()
    {
        _phone = World.WhatsApp.AddAccount("5511900000099", "Shop");
        await World.LinkAsync("shop", _phone, Ct);
    }

    [Fact]
    public async Task Labels_are_made_changed_put_on_chats_and_deleted_for_the_phone_to_see()
    {
        var made = await CheckAsync("POST", "/api/{session}/labels", "/api/shop/labels", """{"name":"Lead","color":1}""", 201);
        Assert.Equal(("1", "Lead", "#64c4ff"), (made!["id"]!.ToString(), made["name"]!.ToString(), made["colorHex"]!.ToString()));
        await CheckAsync("POST", "/api/{session}/labels", "/api/shop/labels", """{"name":"Paid","colorHex":"#FF9485"}""", 201);
        var changed = await CheckAsync("PUT", "/api/{session}/labels/{labelId}", "/api/shop/labels/1", """{"name":"Hot lead","color":13}""", 200);
        Assert.Equal("#f74848", changed!["colorHex"]!.ToString());
        Assert.Equal("Hot lead", _phone.AppState.Find(SyncActions.LabelEdit, "1")!.LabelEditAction.Name);
        Assert.Equal(["Hot lead", "Paid"], Names(await CheckAsync("GET", "/api/{session}/labels", "/api/shop/labels", null, 200)));

        await CheckAsync("PUT", "/api/{session}/labels/chats/{chatId}", $"/api/shop/labels/chats/{Chat}", """{"labels":[{"id":"1"},{"id":"2"}]}""", 200);
        await CheckAsync("PUT", "/api/{session}/labels/chats/{chatId}", "/api/shop/labels/chats/5511900000001%40c.us", """{"labels":[{"id":2}]}""", 200);
        Assert.Equal(["Paid"], Names(await CheckAsync("GET", "/api/{session}/labels/chats/{chatId}", $"/api/shop/labels/chats/{Chat}", null, 200)));
        Assert.False(_phone.AppState.Find(SyncActions.LabelJid, "1", Ana)!.LabelAssociationAction.Labeled);
        Assert.Equal(Chat, (await CheckAsync("GET", "/api/{session}/labels/{labelId}/chats", "/api/shop/labels/2/chats", null, 200))![0]!["id"]!.ToString());

        Assert.True((await CheckAsync("DELETE", "/api/{session}/labels/{labelId}", "/api/shop/labels/2", null, 200))!["result"]!.GetValue<bool>());
        Assert.Empty(Names(await CheckAsync("GET", "/api/{session}/labels/chats/{chatId}", $"/api/shop/labels/chats/{Chat}", null, 200)));
        // A number is never given twice.
        Assert.Equal("3", (await CheckAsync("POST", "/api/{session}/labels", "/api/shop/labels", """{"name":"Paid","color":0}""", 201))!["id"]!.ToString());
    }

    [Theory]
    [InlineData("""{"name":"Lead","color":1}""", 422, "Label with 'Lead' already exists")]
    [InlineData("""{"name":"Other","color":1,"colorHex":"#ff9485"}""", 422, "Use either 'color' or 'colorHex'")]
    [InlineData("""{"name":"Other"}""", 422, "Use either 'color' or 'colorHex'")]
    [InlineData("""{"name":"Other","color":20}""", 422, "Invalid color: 20")]
    [InlineData("""{"name":"Other","colorHex":"#123456"}""", 422, "Invalid color: #123456")]
    [InlineData("""{"color":1}""", 400, "name should not be empty")]
    public async Task A_label_that_breaks_a_rule_is_refused_with_the_rule(string body, int status, string message)
    {
        await World.PostAsync("/api/shop/labels", new() { ["name"] = "Lead", ["color"] = 1 }, 201, Ct);
        var answer = await World.PostAsync("/api/shop/labels", JsonNode.Parse(body)!.AsObject(), status, Ct);
        Assert.Contains(message, answer!["message"]!.ToJsonString().Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_than_twenty_labels_are_made_and_unknown_ones_are_not_found()
    {
        for (var i = 0; i < 20; i++) await World.PostAsync("/api/shop/labels", new() { ["name"] = $"label {i}", ["color"] = i }, 201, Ct);
        await World.PostAsync("/api/shop/labels", new() { ["name"] = "One more", ["color"] = 1 }, 422, Ct);
        await World.Api.ExpectAsync(HttpMethod.Delete, "/api/shop/labels/77", null, 404, Ct);
        await World.Api.ExpectAsync(HttpMethod.Put, $"/api/shop/labels/chats/{Chat}", JsonNode.Parse("""{"labels":[{"id":"77"}]}"""), 404, Ct);
    }

    [Fact]
    public async Task Chats_stars_and_contacts_change_on_the_phone()
    {
        World.WhatsApp.AddAccount("5511900000001", "Ana Example").SendText("5511900000099", "hello");
        var last = await LastIdAsync();
        await CheckAsync("POST", "/api/{session}/chats/{chatId}/archive", $"/api/shop/chats/{Chat}/archive", null, 201);
        var archive = _phone.AppState.Find(SyncActions.Archive, Ana)!.ArchiveChatAction;
        // Phones act only on what goes up to a message they know.
        Assert.Equal((true, last, false), (archive.Archived, archive.MessageRange.Messages.Single().Key.Id, archive.MessageRange.Messages.Single().Key.FromMe));
        await CheckAsync("POST", "/api/{session}/chats/{chatId}/unarchive", $"/api/shop/chats/{Chat}/unarchive", null, 201);
        Assert.False(_phone.AppState.Find(SyncActions.Archive, Ana)!.ArchiveChatAction.Archived);
        await CheckAsync("POST", "/api/{session}/chats/{chatId}/unread", $"/api/shop/chats/{Chat}/unread", null, 201);
        Assert.False(_phone.AppState.Find(SyncActions.MarkChatAsRead, Ana)!.MarkChatAsReadAction.Read);
        await CheckAsync("PUT", "/api/star", "/api/star", $$"""{"session":"shop","chatId":"{{Chat}}","messageId":"false_{{Chat}}_AAAA","star":true}""", 200);
        Assert.True(_phone.AppState.Find(SyncActions.Star, Ana, "AAAA", "0", "0")!.StarAction.Starred);
        await CheckAsync("PUT", "/api/{session}/contacts/{chatId}", $"/api/shop/contacts/{Chat}", """{"firstName":"Ana","lastName":"Example"}""", 200);
        Assert.Equal(("Ana Example", "Ana"), (_phone.AppState.Find(SyncActions.Contact, Ana)!.ContactAction.FullName, _phone.AppState.Find(SyncActions.Contact, Ana)!.ContactAction.FirstName));
        await CheckAsync("DELETE", "/api/{session}/chats/{chatId}/messages", $"/api/shop/chats/{Chat}/messages", null, 200);
        Assert.NotNull(_phone.AppState.Find(SyncActions.ClearChat, Ana, "1", "0"));
        await CheckAsync("DELETE", "/api/{session}/chats/{chatId}", $"/api/shop/chats/{Chat}", null, 200);
        Assert.NotNull(_phone.AppState.Find(SyncActions.DeleteChat, Ana, "1"));
    }

    [Fact]
    public async Task What_another_wrote_goes_from_our_own_devices_alone()
    {
        var ana = World.WhatsApp.AddAccount("5511900000001", "Ana Example");
        ana.SendText("5511900000099", "hello");
        var last = await LastIdAsync();
        var (_, answer) = await World.Api.ExpectAsync(HttpMethod.Delete, $"/api/shop/chats/{Chat}/messages/false_{Chat}_{last}", null, 200, Ct);
        Answers.Same($$"""{"id":"false_{{Chat}}_{{last}}","deletedForMe":true}""", answer);
        Assert.True(_phone.AppState.Find(SyncActions.DeleteMessageForMe, Ana, last, "0", "0")!.DeleteMessageForMeAction.DeleteMedia);
        await World.Api.GetAsync($"/api/shop/chats/{Chat}/messages/false_{Chat}_{last}", 404, Ct);
        Assert.DoesNotContain(World.WhatsApp.Recorder.Stanzas, s => s.IsFromClient && s.Node.Tag == "message" && s.Node["edit"] is not null);
    }

    [Fact]
    public async Task A_logout_forgets_the_labels()
    {
        await World.PostAsync("/api/shop/labels", new() { ["name"] = "Lead", ["color"] = 1 }, 201, Ct);
        await World.PostAsync("/api/sessions/shop/logout", [], 201, Ct);
        Assert.Empty(World.Product.Services.GetRequiredService<LabelTable>().List("shop"));
    }

    /// <summary>The id of the customer's message, once it is in the archive: its receipt leaves after that.</summary>
    private async Task<string> LastIdAsync()
    {
        var receipt = await World.WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "receipt" && s.Node["type"] == "inactive", Ct);
        return receipt.Node["id"]!;
    }

    private static List<string> Names(JsonNode? labels) => [.. labels!.AsArray().Select(label => label!["name"]!.ToString())];
}
