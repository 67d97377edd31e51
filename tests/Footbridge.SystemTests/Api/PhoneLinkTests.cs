using System.Net;
using System.Text.Json.Nodes;
using Footbridge.Jobs.Sqlite;
using Footbridge.SystemTests.Chatwoot;
using Footbridge.SystemTests.Dashboard;

namespace Footbridge.SystemTests.Api;

/// <summary>Addresses at which the person who holds the phone links it.</summary>
public sealed class PhoneLinkTests : ChatwootTest
{
    protected override async Task PrepareAsync()
    {
        await World.PostAsync("/api/sessions", new() { ["name"] = "shop" }, 201, Ct);
        await World.WaitStatusAsync("shop", "SCAN_QR_CODE", Ct);
    }

    [Fact]
    public async Task An_address_leads_to_one_session_for_one_browser_and_gives_a_code_for_a_number()
    {
        var token = await IssueAsync();
        using var owner = NewClient();
        using var page = await owner.GetAsync($"/link/{token}", Ct);
        Assert.Equal((HttpStatusCode.OK, "no-referrer"), (page.StatusCode, page.Headers.GetValues("Referrer-Policy").Single()));
        Assert.Contains("httponly", page.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
        var state = JsonNode.Parse(await owner.GetStringAsync($"/link/{token}/state", Ct))!;
        Assert.Equal("SCAN_QR_CODE", state["status"]!.ToString());
        Assert.StartsWith("data:image/png;base64,", state["qr"]!.ToString(), StringComparison.Ordinal);
        using var code = await PostAsync(owner, $"/link/{token}/code", """{"phoneNumber":"+55 11 90000-0099"}""");
        Assert.Matches("^[0-9A-Z]{4}-[0-9A-Z]{4}$", JsonNode.Parse(await code.Content.ReadAsStringAsync(Ct))!["code"]!.ToString());
        using var wrong = await PostAsync(owner, $"/link/{token}/code", """{"phoneNumber":"my phone"}""");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        using var stranger = NewClient();
        using var refused = await stranger.GetAsync($"/link/{token}/state", Ct);
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        using var elsewhere = await owner.GetAsync("/api/sessions", Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, elsewhere.StatusCode);
    }

    [Fact]
    public async Task A_newer_address_and_a_linked_phone_end_it_and_the_database_knows_no_token()
    {
        var first = await IssueAsync();
        var second = await IssueAsync();
        using var owner = NewClient();
        using var old = await owner.GetAsync($"/link/{first}", Ct);
        Assert.Equal(HttpStatusCode.NotFound, old.StatusCode);
        var kept = World.Part<SqliteDatabase>().Read(c => c.Query("SELECT hex(digest) FROM phone_links", row => row.GetString(0)));
        Assert.DoesNotContain(Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(second)), Assert.Single(kept), StringComparison.Ordinal);
        using var page = await owner.GetAsync($"/link/{second}", Ct);
        await Shop.PairAsync((await CallAsync("GET", "/api/shop/auth/qr?format=raw", null, 200))!["value"]!.ToString(), Ct);
        await World.WaitStatusAsync("shop", "WORKING", Ct);
        await CallAsync("POST", "/api/sessions/shop/logout", null, 201);
        await World.WaitStatusAsync("shop", "SCAN_QR_CODE", Ct);
        using var gone = await owner.GetAsync($"/link/{second}/state", Ct);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task A_linked_session_and_an_unknown_one_have_no_address()
    {
        await CallAsync("POST", "/api/sessions/nobody/link", null, 404);
        await Shop.PairAsync((await CallAsync("GET", "/api/shop/auth/qr?format=raw", null, 200))!["value"]!.ToString(), Ct);
        await World.WaitStatusAsync("shop", "WORKING", Ct);
        await CallAsync("POST", "/api/sessions/shop/link", null, 422);
        using var client = NewClient();
        using var nothing = await client.GetAsync("/link/no-such-token", Ct);
        Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);
    }

    private async Task<string> IssueAsync() => new Uri((await CallAsync("POST", "/api/sessions/shop/link", null, 201))!["url"]!.ToString()).AbsolutePath.Split('/')[^1];

    private async Task<HttpResponseMessage> PostAsync(HttpClient client, string path, string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        return await client.PostAsync(path, content, Ct);
    }

    private HttpClient NewClient() => new(new SocketsHttpHandler { CookieContainer = new() }) { BaseAddress = World.Product.Url };
}
