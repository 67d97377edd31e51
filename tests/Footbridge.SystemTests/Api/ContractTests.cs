using System.Text.Json.Nodes;
using Footbridge.Server;
using Microsoft.AspNetCore.Routing;

namespace Footbridge.SystemTests.Api;

/// <summary>Answers of every operation that is there, held to WAHA's published contract.</summary>
public sealed class ContractTests : ContractTest
{
    [Fact]
    public async Task Every_answer_of_a_sessions_life_fits_theContract()
    {
        await CheckAsync("POST", "/api/sessions", "/api/sessions", """{"name":"shop","config":{"metadata":{"a":"b"},"noweb":{"markOnline":true,"store":{"enabled":true,"fullSync":false}}},"apps":[]}""", 201);
        await World.WaitStatusAsync("shop", "SCAN_QR_CODE", Ct);
        await CheckAsync("GET", "/api/{session}/auth/qr", "/api/shop/auth/qr?format=raw", null, 200);
        var qr = (await World.Api.GetAsync("/api/shop/auth/qr?format=raw", 200, Ct)).Body!["value"]!.ToString();
        await World.WhatsApp.AddAccount("5511900000099", "Shop").PairAsync(qr, Ct);
        await World.WaitStatusAsync("shop", "WORKING", Ct);
        await CheckAsync("GET", "/api/sessions", "/api/sessions?all=true&expand=apps", null, 200);
        await CheckAsync("GET", "/api/sessions/{session}", "/api/sessions/shop?expand=apps", null, 200);
        await CheckAsync("GET", "/api/sessions/{session}/me", "/api/sessions/shop/me", null, 200);
        foreach (var verb in new[] { "stop", "start", "restart", "logout" }) await CheckAsync("POST", $"/api/sessions/{{session}}/{verb}", $"/api/sessions/shop/{verb}", null, 201);
        await CheckAsync("PUT", "/api/sessions/{session}", "/api/sessions/shop", """{"config":{}}""", 200);
        await CheckAsync("DELETE", "/api/sessions/{session}", "/api/sessions/shop", null, 200);
    }

    [Fact]
    public async Task A_sent_text_fits_theContract_and_carries_its_id_where_clients_look_for_it()
    {
        World.WhatsApp.AddAccount("5511900000001", "Ana Example");
        await World.LinkAsync("shop", World.WhatsApp.AddAccount("5511900000099", "Shop"), Ct);
        var sent = await CheckAsync("POST", "/api/sendText", "/api/sendText", """{"session":"shop","chatId":"5511900000001@s.whatsapp.net","text":"hello","reply_to":"","mentions":null,"linkPreview":true}""", 201);
        var id = sent!["key"]!["id"]!.ToString();
        Assert.Equal($"true_5511900000001@c.us_{id}", sent["id"]!.ToString());
        Assert.Equal(("5511900000001@c.us", true, "api", "SERVER"), (sent["from"]!.ToString(), sent["fromMe"]!.GetValue<bool>(), sent["source"]!.ToString(), sent["ackName"]!.ToString()));
        Assert.Null(sent["replyTo"]);
    }

    [Fact]
    public async Task Answers_about_the_server_fit_theContract()
    {
        await CheckAsync("GET", "/ping", "/ping", null, 200);
        await CheckAsync("GET", "/health", "/health", null, 200);
        await CheckAsync("GET", "/api/server/status", "/api/server/status", null, 200);
        await CheckAsync("GET", "/api/version", "/api/version", null, 200);
        var version = await CheckAsync("GET", "/api/server/version", "/api/server/version", null, 200);
        Assert.Equal(("2026.7.1", "NOWEB"), (version!["version"]!.ToString(), version["engine"]!.ToString()));
    }

    [Fact]
    public async Task An_app_fits_theContract()
    {
        await World.PostAsync("/api/sessions", new() { ["name"] = "shop", ["start"] = false }, 201, Ct);
        await World.ConnectChatwootAsync("shop", Ct);
        var (_, app) = await World.Api.GetAsync("/api/apps/app_shop", 200, Ct);
        Assert.Empty(Contract.CheckSchema("App", app));
        await CheckAsync("GET", "/api/apps", "/api/apps?session=shop", null, 200);
    }

    [Fact]
    public void Every_operation_of_theContract_has_a_route_and_every_route_is_in_it_but_for_those_waha_leaves_out()
    {
        var unlisted = new HashSet<string>(["/api/apps/chatwoot/locales", "/api/files/{session}/{file}", "/api/files/{file}", "/jobs/queue/{queue}/{id}", "/webhooks/chatwoot/{session}/{id}", "/internal/worker/{call}", "/internal/worker/files/{session}/{file}", "/api/apps/{id}/doctor", "/api/sessions/{session}/link", "/link/{token}", "/link/{token}/state", "/link/{token}/{step}", "/api/apps/{id}/reconciliation", "/api/apps/{id}/messages/{messageId}/timeline", "/ws"]);
        var routes = Product.Routes().OfType<RouteEndpoint>().SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(m => (Method: m, Path: e.RoutePattern.RawText!))).ToList();
        Assert.Equal(Contract.Operations.Count() + routes.Count(route => unlisted.Contains(route.Path)), routes.Count);
        Assert.All(unlisted, path => Assert.Contains(routes, route => route.Path == path));
        Assert.Equal(routes.Count, routes.Distinct().Count());
        Assert.DoesNotContain(routes, route => !unlisted.Contains(route.Path) && !Contract.Knows(route.Method, route.Path));
        Assert.All(Contract.Operations, operation => Assert.Contains(operation, routes));
    }
}
