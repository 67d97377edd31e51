using System.Text.Json.Nodes;

namespace Footbridge.SystemTests.Api;

/// <summary>Answers of the operations on files, held to WAHA's published contract.</summary>
public sealed class MediaContractTests : ContractTest
{
    protected override async Task PrepareAsync()
    {
        World.WhatsApp.AddAccount("5511900000001", "Ana Example");
        await World.LinkAsync("shop", World.WhatsApp.AddAccount("5511900000099", "Shop"), Ct);
    }

    [Theory]
    [InlineData("sendImage")]
    [InlineData("sendFile")]
    [InlineData("sendVoice")]
    [InlineData("sendVideo")]
    public async Task A_sent_file_fits_theContract_and_is_a_message_with_media(string operation)
    {
        var body = new JsonObject { ["session"] = "shop", ["chatId"] = "5511900000001@c.us", ["file"] = new JsonObject { ["data"] = Convert.ToBase64String(new byte[100]), ["mimetype"] = "application/octet-stream" } };
        var answer = await World.Api.ExpectAsync(HttpMethod.Post, "/api/" + operation, body, 201, Ct);
        Assert.Empty(Contract.Check("POST", "/api/" + operation, answer.Status, answer.Body));
        Assert.Empty(Contract.CheckSchema("WAMessage", answer.Body));
        Assert.True(answer.Body!["hasMedia"]!.GetValue<bool>());
    }
}
