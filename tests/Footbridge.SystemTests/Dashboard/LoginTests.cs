using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Footbridge.Server.Config;

namespace Footbridge.SystemTests.Dashboard;

/// <summary>Who gets in, how, and where to.</summary>
public sealed class LoginTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(90));
    private World _world = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync() => _world = await World.StartAsync(Ct, configure: settings => settings.ViewerPassword = "viewer-password");

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _timeout.Dispose();
    }

    [Fact]
    public async Task People_without_a_login_get_the_form_and_programs_a_refusal()
    {
        using var client = NewClient();
        using var asked = await client.SendAsync(Page("/jobs/lane?name=a%2Fb"), Ct);
        Assert.Equal((HttpStatusCode.Found, "/login?returnUrl=%2Fjobs%2Flane%3Fname%3Da%252Fb"), (asked.StatusCode, asked.Headers.Location!.ToString()));
        using var refused = await client.GetAsync("/jobs", Ct);
        Assert.Equal((HttpStatusCode.Unauthorized, "Basic"), (refused.StatusCode, refused.Headers.WwwAuthenticate.Single().Scheme));
        using var live = await client.PostAsync("/_blazor/negotiate?negotiateVersion=1", null, Ct);
        Assert.Equal((HttpStatusCode.Unauthorized, 0), (live.StatusCode, live.Headers.WwwAuthenticate.Count));
    }

    [Fact]
    public async Task The_servers_own_address_leads_people_to_the_pages_and_refuses_programs()
    {
        using var client = NewClient();
        using var person = await client.SendAsync(Page("/"), Ct);
        Assert.Equal((HttpStatusCode.Found, "/dashboard"), (person.StatusCode, person.Headers.Location!.ToString()));
        using var program = await client.GetAsync("/", Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, program.StatusCode);
    }

    [Fact]
    public async Task A_login_leads_to_the_page_asked_for_and_leaves_a_cookie_that_scripts_cannot_read()
    {
        using var client = NewClient();
        using var answer = await LogInAsync(client, "admin", "test-password", "/jobs/lanes");
        Assert.Equal((HttpStatusCode.Found, "/jobs/lanes"), (answer.StatusCode, answer.Headers.Location!.ToString()));
        var cookie = Cookie(answer)!;
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=lax", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("secure", cookie, StringComparison.Ordinal);
        using var page = await client.SendAsync(Page("/jobs/lanes"), Ct);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("default-src 'none'; script-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.False(page.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Behind_a_proxy_that_speaks_https_the_cookie_is_for_https_alone()
    {
        using var client = NewClient();
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        using var answer = await LogInAsync(client, "admin", "test-password");
        Assert.Contains("; secure", Cookie(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example/jobs")]
    [InlineData("//evil.example/jobs")]
    [InlineData("/\\evil.example")]
    [InlineData("/jobs.evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/api/sessions")]
    public async Task A_login_leads_nowhere_else(string returnUrl)
    {
        using var client = NewClient();
        using var answer = await LogInAsync(client, "admin", "test-password", returnUrl);
        Assert.Equal((HttpStatusCode.Found, "/jobs"), (answer.StatusCode, answer.Headers.Location!.ToString()));
    }

    [Fact]
    public async Task Wrong_passwords_are_refused_and_after_ten_the_address_has_to_wait_with_the_right_one_too()
    {
        using var client = NewClient();
        for (var i = 0; i < 10; i++)
        {
            using var wrong = await LogInAsync(client, i % 2 == 0 ? "admin" : "viewer", "test-passwor");
            Assert.Equal((HttpStatusCode.Unauthorized, null), (wrong.StatusCode, Cookie(wrong)));
        }

        using var limited = await LogInAsync(client, "admin", "test-password");
        Assert.Equal((HttpStatusCode.TooManyRequests, null), (limited.StatusCode, Cookie(limited)));
        Assert.InRange(limited.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 30);
        using var basic = await client.SendAsync(Page("/jobs", "admin:test-password"), Ct);
        Assert.Equal(HttpStatusCode.TooManyRequests, basic.StatusCode);
        using var key = await client.SendAsync(Page("/jobs", key: World.ApiKey), Ct);
        Assert.Equal(HttpStatusCode.OK, key.StatusCode);
    }

    [Fact]
    public async Task A_form_that_we_did_not_send_logs_nobody_in()
    {
        using var client = NewClient();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["user"] = "admin", ["password"] = "test-password" });
        using var answer = await client.PostAsync("/login", form, Ct);
        Assert.Equal((HttpStatusCode.Found, "/login", null), (answer.StatusCode, answer.Headers.Location!.ToString(), Cookie(answer)));
    }

    [Theory]
    [InlineData("admin:test-password", null, 200)]
    [InlineData("viewer:viewer-password", null, 200)]
    [InlineData("viewer:test-password", null, 401)]
    [InlineData("admin:viewer-password", null, 401)]
    [InlineData(null, World.ApiKey, 200)]
    public async Task Bookmarks_with_a_password_and_requests_with_the_key_go_on_working_and_need_not_show_them_again(string? pair, string? key, int expected)
    {
        using var client = NewClient();
        using var first = await client.SendAsync(Page("/jobs", pair, key), Ct);
        Assert.Equal(expected, (int)first.StatusCode);
        using var live = await client.PostAsync("/_blazor/negotiate?negotiateVersion=1", null, Ct);
        Assert.Equal(expected, (int)live.StatusCode);
    }

    [Fact]
    public async Task Another_sites_page_cannot_open_the_live_connection_nor_post()
    {
        using var client = NewClient();
        using var login = await LogInAsync(client, "admin", "test-password");
        foreach (var (origin, expected) in new[] { ("https://evil.example", 403), ("null", 403), (_world.Product.Url.GetLeftPart(UriPartial.Authority), 200) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
            request.Headers.Add("Origin", origin);
            using var answer = await client.SendAsync(request, Ct);
            Assert.Equal(expected, (int)answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_login_outlives_a_restart_but_not_a_change_of_the_password()
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new() };
        string cookie;
        using (var client = new HttpClient(handler, disposeHandler: false) { BaseAddress = _world.Product.Url })
        {
            using var login = await LogInAsync(client, "admin", "test-password");
            cookie = Cookie(login)!.Split(';')[0];
        }

        Assert.Equal(HttpStatusCode.OK, await AfterRestartAsync(cookie, _ => { }));
        Assert.Equal(HttpStatusCode.Found, await AfterRestartAsync(cookie, settings => settings.DashboardPassword = "another-password"));
    }

    [Fact]
    public async Task Pages_can_be_taken_away_or_opened_to_everybody()
    {
        await RestartAsync(settings => settings.DashboardEnabled = false);
        using var none = NewClient();
        foreach (var path in new[] { "/jobs", "/jobs/queue/a/b", "/dashboard", "/login" })
        {
            using var gone = await none.SendAsync(Page(path, key: World.ApiKey), Ct);
            Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        }

        await RestartAsync(settings => settings.DashboardNeedsNoPassword = true);
        using var all = NewClient();
        using var open = await all.SendAsync(Page("/jobs"), Ct);
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        using var api = await all.GetAsync("/api/sessions", Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
    }

    private static HttpRequestMessage Page(string path, string? pair = null, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html");
        if (pair is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        if (key is not null) request.Headers.Add("X-Api-Key", key);
        return request;
    }

    private static string? Cookie(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies.FirstOrDefault(cookie => cookie.StartsWith("footbridge_login=", StringComparison.Ordinal)) : null;

    private async Task<HttpResponseMessage> LogInAsync(HttpClient client, string user, string password, string returnUrl = "/jobs")
    {
        var page = await client.GetStringAsync($"/login?returnUrl={Uri.EscapeDataString(returnUrl)}", Ct);
        var token = Regex.Match(page, "name=\"form_token\" value=\"([^\"]+)\"").Groups[1].Value;
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["form_token"] = token, ["user"] = user, ["password"] = password, ["returnUrl"] = returnUrl });
        return await client.PostAsync("/login", form, Ct);
    }

    private async Task<HttpStatusCode> AfterRestartAsync(string cookie, Action<Settings> change)
    {
        await RestartAsync(change);
        using var client = NewClient();
        using var request = Page("/jobs");
        request.Headers.Add("Cookie", cookie);
        using var answer = await client.SendAsync(request, Ct);
        return answer.StatusCode;
    }

    private async Task RestartAsync(Action<Settings> change)
    {
        await _world.Product.DisposeAsync();
        _world.Configure = change;
        await _world.StartProductAsync(Ct);
    }

    private HttpClient NewClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = _world.Product.Url };
}
