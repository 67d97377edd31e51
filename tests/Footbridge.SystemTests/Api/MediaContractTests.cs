using System.Text.Json.Nodes;

namespace Footbridge.SystemTests.Api;

/// <summary>Answers of the operations on files, held to WAHA's published contract.</summary>
public sealed class MediaContractTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(60));
    private readonly OpenApi? _contract = OpenApi.Load();
    private World _world = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync()
    {
        OpenApi.Require(_contract);
        _world = await World.StartAsync(Ct);
        _world.WhatsApp.AddAccount("5511900000001", "Ana Example");
        await _world.LinkAsync("shop", _world.WhatsApp.AddAccount("5511900000099", "Shop"), Ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_world is not null) await _world.DisposeAsync();
        _timeout.Dispose();
    }

    [Theory]
    [InlineData("sendImage")]
    [InlineData("sendFile")]
    [InlineData("sendVoice")]
    [InlineData("sendVideo")]
    public async Task A_sent_file_fits_the_contract_and_is_a_message_with_media(string operation)
    {
        var body = new JsonObject { ["session"] = "shop", ["chatId"] = "5511900000001@c.us", ["file"] = new JsonObject { ["data"] = Convert.ToBase64String(new byte[100]), ["mimetype"] = "application/octet-stream" } };
        var answer = await _world.Api.ExpectAsync(HttpMethod.Post, "/api/" + operation, body, 201, Ct);
        Assert.Empty(_contract!.Check("POST", "/api/" + operation, answer.Status, answer.Body));
        Assert.Empty(_contract.CheckSchema("WAMessage", answer.Body));
        Assert.True(answer.Body!["hasMedia"]!.GetValue<bool>());
    }
}
