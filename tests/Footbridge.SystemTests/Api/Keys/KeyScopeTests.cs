using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Footbridge.Server;
using Footbridge.Server.Security.Keys;
using Microsoft.AspNetCore.Routing;

namespace Footbridge.SystemTests.Api.Keys;

/// <summary>What keys of sessions may do, over every route there is.</summary>
public sealed partial class KeyScopeTests : IAsyncLifetime
{
    /// <summary>Those are open, or are for people and for workers, who bring no key.</summary>
    private static readonly string[] WithoutKeys = ["/link/", "/ping", "/ws", "/jobs/", "/webhooks/", "/internal/"];

    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(90));
    private World _world = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync()
    {
        _world = await World.StartAsync(Ct);
        foreach (var name in new[] { "mine", "other" }) await _world.PostAsync("/api/sessions", new() { ["name"] = name, ["start"] = false }, 201, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _timeout.Dispose();
    }

    [Fact]
    public void Every_route_is_for_admins_names_its_session_or_has_a_line_in_the_table()
    {
        var routes = Routes().ToList();
        Assert.Empty(KeyScopes.Lines.Except(routes.Select(route => $"{route.Method} {route.Pattern}")));
        var admins = routes.Where(route => KeyScopes.Of(route.Method, route.Pattern) is null).Select(route => $"{route.Method} {route.Pattern}").Order(StringComparer.Ordinal);
        Assert.Equal(
        [
            "DELETE /api/keys/{id}", "GET /api/keys", "GET /api/server/debug/browser/trace/{session}", "GET /api/server/debug/cpu", "GET /api/server/debug/heapsnapshot",
            "GET /api/server/environment", "POST /api/keys", "POST /api/keys/control", "POST /api/keys/media", "POST /api/server/stop", "POST /api/sessions",
            "POST /api/sessions/logout", "POST /api/sessions/start", "POST /api/sessions/stop", "POST /mcp", "PUT /api/keys/{id}",
        ], admins);
    }

    [Theory]
    [InlineData("GET", "/api/{session}/chats", KeyActions.Read)]
    [InlineData("DELETE", "/api/{session}/chats/{chatId}", KeyActions.Send)]
    [InlineData("POST", "/api/{session}/media/convert/voice", KeyActions.Send)]
    [InlineData("POST", "/api/{session}/chats/overview", KeyActions.Read)]
    [InlineData("GET", "/api/{session}/auth/qr", KeyActions.Control)]
    [InlineData("PUT", "/api/sessions/{session}", KeyActions.Setting)]
    [InlineData("GET", "/api/new/route", null)]
    public void A_route_asks_for_what_it_does_and_one_nobody_thought_of_for_an_admin(string method, string pattern, object? action) =>
        Assert.Equal(action, KeyScopes.Of(method, pattern));

    [Fact]
    public async Task A_key_without_actions_gets_nowhere_but_where_every_key_does()
    {
        using var client = await ClientAsync([]);
        foreach (var (method, pattern) in Routes())
        {
            var (status, _) = await CallAsync(client, method, Fill(pattern, "mine"), null);
            if (KeyScopes.Of(method, pattern) == KeyActions.None) Assert.True(status is 200 or 404, $"{method} {pattern}: {status}");
            else Assert.True(status == 403, $"{method} {pattern}: {status}");
        }
    }

    [Fact]
    public async Task A_key_that_may_do_everything_in_its_session_gets_nowhere_in_another()
    {
        using var client = await ClientAsync(new() { ["read"] = true, ["send"] = true, ["control"] = true, ["setting"] = true, ["app"] = true, ["delete"] = true });
        foreach (var (method, pattern) in Routes())
        {
            var paths = pattern.Contains("{session}", StringComparison.Ordinal) ? [Fill(pattern, "other"), Fill(pattern, "mine") + "?session=other"] : new[] { Fill(pattern, "") + "?session=other" };
            foreach (var path in paths)
            {
                var (status, _) = await CallAsync(client, method, path, null);
                Assert.True(status == 403, $"{method} {path}: {status}");
            }

            // Only routes that read a body can be led astray by one.
            if (method is "GET" or "DELETE" || pattern.Contains("{session}", StringComparison.Ordinal) || pattern == "/api/apps/{id}/doctor") continue;
            var (answer, _) = await CallAsync(client, method, Fill(pattern, ""), new JsonObject { ["session"] = "other" });
            Assert.True(answer == 403, $"{method} {pattern} with another session in its body: {answer}");
        }
    }

    private async Task<HttpClient> ClientAsync(JsonObject actions)
    {
        var key = await _world.PostAsync("/api/keys", new() { ["isAdmin"] = false, ["session"] = "mine", ["isActive"] = true, ["actions"] = actions }, 201, Ct);
        var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = _world.Product.Url };
        client.DefaultRequestHeaders.Add("X-Api-Key", key!["key"]!.ToString());
        return client;
    }

    private async Task<(int Status, string Text)> CallAsync(HttpClient client, string method, string path, JsonObject? body)
    {
        using var request = new HttpRequestMessage(new(method), path) { Content = body is null ? null : new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json") };
        using var response = await client.SendAsync(request, Ct);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Ct));
    }

    private static IEnumerable<(string Method, string Pattern)> Routes() =>
        from endpoint in Product.Routes().OfType<RouteEndpoint>()
        let pattern = endpoint.RoutePattern.RawText!
        where !WithoutKeys.Any(open => pattern.StartsWith(open, StringComparison.Ordinal))
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        select (method, pattern);

    private static string Fill(string pattern, string session) => Parameter().Replace(pattern.Replace("{session}", session, StringComparison.Ordinal), "x");

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
