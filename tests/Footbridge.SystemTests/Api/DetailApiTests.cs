using System.Text.Json.Nodes;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Api;

/// <summary>Messages that are about more than their text, from a customer's phone to the API, and answers to stories the other way.</summary>
public sealed class DetailApiTests : ContractTest
{
    private const string Chat = "5511900000001@c.us";
    private FakePhone _ana = null!;

    protected override async Task PrepareAsync()
    {
        _ana = World.WhatsApp.AddAccount("5511900000001", "Ana Example");
        await World.LinkAsync("shop", World.WhatsApp.AddAccount("5511900000099", "Shop"), Ct);
    }

    [Fact]
    public async Task A_customer_who_comes_from_an_ad_brings_the_ad_along()
    {
        var ad = new ContextInfo.Types.ExternalAdReplyInfo { Title = "Soup", SourceUrl = "https://fb.me/x", SourceId = "120", CtwaClid = "ARclick" };
        var message = await ArriveAsync(new() { ExtendedTextMessage = new() { Text = "is it hot?", ContextInfo = new() { ExternalAdReply = ad } } });
        Assert.Equal("is it hot?", message["body"]!.ToString());
        Answers.Same("""{"ad":{"title":"Soup","sourceUrl":"https://fb.me/x","sourceId":"120","ctwaClid":"ARclick"}}""", message["_data"]!["details"]);
    }

    [Fact]
    public async Task An_order_arrives_with_its_total()
    {
        var message = await ArriveAsync(new() { OrderMessage = new() { OrderId = "391", OrderTitle = "Shop", ItemCount = 2, TotalAmount1000 = 25_000, TotalCurrencyCode = "BRL" } });
        Answers.Same("""{"order":{"id":"391","title":"Shop","itemCount":2,"total":{"value":25,"currency":"BRL"},"status":"unknown"}}""", message["_data"]!["details"]);
        Assert.Equal("orderMessage", message["_data"]!["kind"]!.ToString());
    }

    [Fact]
    public async Task An_answer_to_a_story_says_so_in_both_directions()
    {
        var context = new ContextInfo { StanzaId = "3EB0STORY", Participant = "5511900000099@s.whatsapp.net", RemoteJid = Jid.Status.ToString(), QuotedMessage = new() { Conversation = "open today" } };
        var message = await ArriveAsync(new() { ExtendedTextMessage = new() { Text = "nice", ContextInfo = context } });
        Answers.Same("""{"statusReply":{"id":"3EB0STORY","participant":"5511900000099@c.us","type":"text","text":"open today","hasMedia":false}}""", message["_data"]!["details"]);
        await World.PostAsync("/api/sendText", new() { ["session"] = "shop", ["chatId"] = Chat, ["text"] = "yours too", ["reply_to"] = $"false_status@broadcast_3AAAAA_{Chat}" }, 201, Ct);
        var sent = (await _ana.Incoming.ReadAsync(Ct)).Content.ExtendedTextMessage.ContextInfo;
        Assert.Equal(("3AAAAA", "status@broadcast", _ana.Number.ToString()), (sent.StanzaId, sent.RemoteJid, sent.Participant));
    }

    /// <summary>The message as the API shows it, held to the contract.</summary>
    private async Task<JsonNode> ArriveAsync(Message content)
    {
        var id = _ana.Send("5511900000099", content);
        await World.WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "receipt" && s.Node["id"] == id, Ct);
        return (await CheckAsync("GET", "/api/{session}/chats/{chatId}/messages/{messageId}", $"/api/shop/chats/{Chat}/messages/false_{Chat}_{id}", null, 200))!;
    }
}
