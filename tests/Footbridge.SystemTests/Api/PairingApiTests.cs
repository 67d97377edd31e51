using System.Text.Json.Nodes;

namespace Footbridge.SystemTests.Api;

public sealed class PairingApiTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(60));
    private readonly OpenApi? _contract = OpenApi.Load();
    private World _world = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync() => _world = await World.StartAsync(Ct);

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _timeout.Dispose();
    }

    [Fact]
    public async Task A_session_is_linked_by_code_while_its_status_stays_at_the_qr_code()
    {
        OpenApi.Require(_contract);
        var phone = _world.WhatsApp.AddAccount("5511900000099", "Shop");
        await _world.PostAsync("/api/sessions", new() { ["name"] = "shop" }, 201, Ct);
        await _world.WaitStatusAsync("shop", "SCAN_QR_CODE", Ct);
        var (status, body) = await _world.Api.CallAsync(HttpMethod.Post, "/api/shop/auth/request-code", new JsonObject { ["phoneNumber"] = "+55 11 90000-0099" }, Ct);
        Assert.Empty(_contract!.Check("POST", "/api/{session}/auth/request-code", status, body));
        var code = body!["code"]!.ToString();
        Assert.Matches("^[1-9A-Z]{4}-[1-9A-Z]{4}$", code);
        Assert.Equal("SCAN_QR_CODE", (await _world.Api.GetAsync("/api/sessions/shop", 200, Ct)).Body!["status"]!.ToString());
        await phone.TypeCodeAsync(code, Ct);
        await _world.WaitStatusAsync("shop", "WORKING", Ct);
        await RefusedAsync(new() { ["phoneNumber"] = "5511900000099" }, 422, "Can request code only in SCAN_QR_CODE status. The current status is WORKING");
    }

    [Fact]
    public async Task A_code_is_refused_with_the_reason()
    {
        await _world.PostAsync("/api/sessions", new() { ["name"] = "shop", ["start"] = false }, 201, Ct);
        await RefusedAsync(new() { ["phoneNumber"] = "5511900000099" }, 422, "Can request code only in SCAN_QR_CODE status. The current status is STOPPED");
        await _world.PostAsync("/api/sessions/shop/start", [], 201, Ct);
        await _world.WaitStatusAsync("shop", "SCAN_QR_CODE", Ct);
        await RefusedAsync([], 400, "phoneNumber should not be empty");
        await RefusedAsync(new() { ["phoneNumber"] = "090000" }, 400, "phoneNumber must be a phone number in international form, digits only, such as 12132132130");
        await RefusedAsync(new() { ["phoneNumber"] = "5511900000099", ["method"] = "sms" }, 422, "Only the code shown here can be typed on the phone; leave 'method' out");
        await RefusedAsync(new() { ["phoneNumber"] = "5511900000098" }, 422, "WhatsApp gives no code for this number now (400 bad-request). Check the number, or scan the QR code");
    }

    private async Task RefusedAsync(JsonObject body, int status, string why)
    {
        var (_, answer) = await _world.Api.ExpectAsync(HttpMethod.Post, "/api/shop/auth/request-code", body, status, Ct);
        Assert.Equal(why, (answer!["message"] is JsonArray all ? all[0]! : answer["message"]!).ToString());
    }
}
