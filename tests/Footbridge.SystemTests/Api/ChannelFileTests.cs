using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.Media;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Api;

/// <summary>Files to channels and from them: in clear, and proved by their hash.</summary>
public sealed class ChannelFileTests : ContractTest
{
    private const string AnaId = "5511900000001@c.us";
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3, 0xFF, 0xD9];
    private FakePhone _ana = null!;

    protected override async Task PrepareAsync()
    {
        _ana = World.WhatsApp.AddAccount("5511900000001", "Ana Example");
        await World.LinkAsync("shop", World.WhatsApp.AddAccount("5511900000099", "Shop"), Ct);
    }

    [Theory]
    [InlineData("sendImage")]
    [InlineData("sendFile")]
    [InlineData("sendVoice")]
    [InlineData("sendVideo")]
    public async Task A_file_to_our_channel_reaches_its_followers_without_a_key(string operation)
    {
        var channel = await OwnAsync();
        var body = new JsonObject { ["session"] = "shop", ["chatId"] = channel, ["caption"] = "look", ["file"] = new JsonObject { ["data"] = Convert.ToBase64String(Jpeg), ["filename"] = "a.jpg" } };
        var sent = await CheckAsync("POST", "/api/" + operation, "/api/" + operation, body.ToJsonString(), 201);
        Assert.Empty(Contract.CheckSchema("WAMessage", sent));
        Assert.Equal(($"true_{channel}_{sent!["key"]!["id"]}", true), (sent["id"]!.ToString(), sent["hasMedia"]!.GetValue<bool>()));
        var shown = await _ana.Incoming.ReadAsync(Ct);
        Assert.Equal(Jpeg, _ana.Media.Open(shown));
        var content = shown.Content.DocumentWithCaptionMessage?.Message ?? shown.Content;
        var (_, part) = content.Attachment!.Value;
        Assert.True(part.MediaKey.IsEmpty && part.FileEncSha256.IsEmpty);
        var post = World.WhatsApp.Channels.Get(Jid.Parse(channel)).Find(shown.Id)!;
        Assert.Equal(("media", 16), (post.Type, post.MediaId!.Length));
    }

    [Fact]
    public async Task A_file_of_a_channel_we_follow_is_fetched_and_given()
    {
        var id = _ana.Channels.Create("Ana's");
        await CheckAsync("POST", "/api/{session}/channels/{id}/follow", $"/api/shop/channels/{id}/follow", null, 201);
        var post = _ana.Channels.Post(id, _ana.Media.ClearImage(Jpeg, "look"));
        await World.WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "ack" && s.Node["class"] == "message" && s.Node["id"] == post, Ct);
        var (_, message) = await World.Api.GetAsync($"/api/shop/chats/{id}/messages/false_{id}_{post}", 200, Ct);
        Assert.Equal(("look", true, "image/jpeg"), (message!["body"]!.ToString(), message["hasMedia"]!.GetValue<bool>(), message["media"]!["mimetype"]!.ToString()));
        Assert.Equal(Jpeg, await World.Api.GetByteArrayAsync(new Uri(message["media"]!["url"]!.ToString()).PathAndQuery, Ct));
    }

    [Fact]
    public async Task A_file_that_is_not_what_the_channel_says_is_not_given()
    {
        World.WhatsApp.Media.Fault = _ => new MediaFault.WrongByte();
        var id = _ana.Channels.Create("Ana's");
        _ana.Channels.Post(id, _ana.Media.ClearImage(Jpeg));
        var url = new Uri((await PreviewAsync(id, "?downloadMedia=true"))["media"]!["url"]!.ToString()).PathAndQuery;
        var (_, body) = await World.Api.GetAsync(url, 404, Ct);
        Assert.Contains("hash", body!["error"]!["details"]!.ToString(), StringComparison.Ordinal);
        World.WhatsApp.Media.Fault = null;
        Assert.Equal(Jpeg, await World.Api.GetByteArrayAsync(url, Ct));
    }

    [Fact]
    public async Task A_preview_names_files_when_asked_to_and_says_that_there_are_some_in_any_case()
    {
        var id = _ana.Channels.Create("Ana's");
        _ana.Channels.Post(id, _ana.Media.ClearImage(Jpeg));
        var bare = (await CheckAsync("GET", "/api/{session}/channels/{id}/messages/preview", $"/api/shop/channels/{id}/messages/preview", null, 200))![0]!["message"]!;
        Assert.Equal((true, null), (bare["hasMedia"]!.GetValue<bool>(), bare["media"]));
        var message = await PreviewAsync(id, "?downloadMedia=true&limit=1");
        Assert.Equal(Jpeg, await World.Api.GetByteArrayAsync(new Uri(message["media"]!["url"]!.ToString()).PathAndQuery, Ct));
    }

    [Fact]
    public async Task A_file_changes_its_form_when_it_is_forwarded_between_a_channel_and_a_person()
    {
        var theirs = _ana.Channels.Create("Ana's");
        await World.Api.ExpectAsync(HttpMethod.Post, $"/api/shop/channels/{theirs}/follow", null, 201, Ct);
        var post = _ana.Channels.Post(theirs, _ana.Media.ClearImage(Jpeg, "look"));
        await World.WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "ack" && s.Node["class"] == "message" && s.Node["id"] == post, Ct);
        await World.Api.ExpectAsync(HttpMethod.Post, "/api/forwardMessage", new JsonObject { ["session"] = "shop", ["chatId"] = AnaId, ["messageId"] = $"false_{theirs}_{post}" }, 201, Ct);
        var toPerson = await _ana.Incoming.ReadAsync(Ct);
        Assert.Equal((Jpeg.Length, 32), (_ana.Media.Open(toPerson).Length, toPerson.Content.ImageMessage.MediaKey.Length));
        var channel = await OwnAsync();
        await World.Api.ExpectAsync(HttpMethod.Post, "/api/forwardMessage", new JsonObject { ["session"] = "shop", ["chatId"] = channel, ["messageId"] = toPerson.Id }, 201, Ct);
        var toChannel = await _ana.Incoming.ReadAsync(Ct);
        Assert.Equal(("look", true), (toChannel.Content.ImageMessage.Caption, toChannel.Content.ImageMessage.MediaKey.IsEmpty));
        Assert.Equal(Jpeg, _ana.Media.Open(toChannel));
        Assert.NotNull(World.WhatsApp.Channels.Get(Jid.Parse(channel)).Find(toChannel.Id)!.MediaId);
        Assert.Empty(Directory.GetFiles(Path.Combine(World.Settings().FilesFolder, ".scratch")));
    }

    private async Task<string> OwnAsync()
    {
        var id = (await World.Api.ExpectAsync(HttpMethod.Post, "/api/shop/channels", new JsonObject { ["name"] = "News" }, 201, Ct)).Body!["id"]!.ToString();
        _ana.Channels.Follow(Jid.Parse(id));
        return id;
    }

    /// <summary>Not held to the contract, which wants a file's name and error to be texts where WAHA itself answers null.</summary>
    private async Task<JsonNode> PreviewAsync(Jid channel, string query) =>
        Assert.Single((await World.Api.GetAsync($"/api/shop/channels/{channel}/messages/preview{query}", 200, Ct)).Body!.AsArray())!["message"]!;
}
