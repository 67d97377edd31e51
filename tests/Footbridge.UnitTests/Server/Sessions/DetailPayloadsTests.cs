using System.Text.Json.Nodes;
using Footbridge.Engine.Messages.Details;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions.Events;

namespace Footbridge.UnitTests.Server.Sessions;

/// <summary>What messages are about, as events and answers show it; the names are what receivers rely on.</summary>
public sealed class DetailPayloadsTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
    private static readonly Jid Ana = Jid.Parse("5511900000001@s.whatsapp.net");

    public static TheoryData<string, string> Shapes => new()
    {
        { "ad", """{"ad":{"title":"Soup","body":"Hot","sourceUrl":"https://fb.me/x","sourceId":"120","sourceType":"ad","sourceApp":"instagram","thumbnailUrl":"t","originalImageUrl":"o","mediaUrl":"m","thumbnail":"AQI=","ctwaClid":"AR","ref":"r","entryPoint":"ctwa_ad","greeting":"Hello!"}}""" },
        { "order", """{"order":{"id":"391","title":"Shop","itemCount":3,"total":{"value":12.99,"currency":"BRL"},"note":"red","seller":"5511900000001@c.us","status":"inquiry","token":"AR7"}}""" },
        { "product", """{"product":{"id":"77","title":"Mug","price":{"value":30,"currency":"BRL"},"imageCount":2,"business":"5511900000001@c.us"}}""" },
        { "pix", """{"pix":{"merchantName":"Shop","key":"1","keyType":"CPF","currency":"BRL","totalAmount":12.5,"referenceId":"R"}}""" },
        { "payment", """{"payment":{"step":"requested","amount":{"value":5},"note":"lunch","from":"5511900000001@c.us","expiresAt":1800000000}}""" },
        { "statusReply", """{"statusReply":{"id":"S1","participant":"5511900000001@c.us","type":"text","text":"open","hasMedia":false}}""" },
        { "event", """{"event":{"name":"Opening","startTime":1800000000,"location":"Shop","isCancelled":false,"isCall":false,"extraGuestsAllowed":true}}""" },
        { "liveLocation", """{"liveLocation":{"latitude":-23.5,"longitude":-46.6,"accuracy":20,"sequence":4,"age":3}}""" },
        { "groupInvite", """{"groupInvite":{"id":"120363000000000001@g.us","code":"CODE","expiresAt":1800000000,"name":"Team","isCommunity":false}}""" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_detail_is_shown_under_its_kind_with_what_was_told(string kind, string expected)
    {
        MessageDetail detail = kind switch
        {
            "ad" => new AdDetail("Soup", "Hot", "https://fb.me/x", "120", "ad", "instagram", "t", "o", "m", [1, 2], "AR", "r", "ctwa_ad") { Greeting = "Hello!" },
            "order" => new OrderDetail("391", "Shop", 3, new(12.99m, "BRL"), "red", Ana, OrderStatus.Inquiry, "AR7", null),
            "product" => new ProductDetail("77", "Mug", null, new(30m, "BRL"), null, null, null, 2, Ana, null, null, null),
            "pix" => new PixDetail("Shop", "1", "CPF", new(12.5m, "BRL"), "R"),
            "payment" => new PaymentDetail(PaymentStep.Requested, new(5m, null), "lunch", Ana, At, null),
            "statusReply" => new StatusReplyDetail("S1", Ana, StatusKind.Text, "open", null, null),
            "event" => new EventDetail("Opening", null, At, null, "Shop", null, false, false, true),
            "liveLocation" => new LiveLocationDetail(-23.5, -46.6, 20, null, null, null, 4, TimeSpan.FromSeconds(3)),
            _ => new GroupInviteDetail(Jid.Parse("120363000000000001@g.us"), "CODE", At, "Team", null, false, null),
        };
        var shape = DetailPayloads.Of([detail]);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(shape!.ToJsonString())), shape.ToJsonString());
    }

    [Fact]
    public void A_plain_message_shows_none() => Assert.Null(DetailPayloads.Of([]));
}
