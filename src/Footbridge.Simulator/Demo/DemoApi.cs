using System.Text.Json.Nodes;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.Simulator.Demo;

/// <summary>What the page's session button asks for.</summary>
/// <param name="Verb">start, stop or scan.</param>
internal sealed record SessionRequest(string Verb);

/// <summary>The demo's own routes: the session's button, and the page.</summary>
internal sealed class DemoApi(ProductClient product, SessionWatch watch, FakePhone business)
{
    private const string Folder = "Page/";

    /// <summary>Only what is listed is served, so that no name from outside picks a resource.</summary>
    private static readonly Dictionary<string, string> Assets = new(StringComparer.Ordinal)
    {
        ["index.html"] = "text/html; charset=utf-8",
        ["style.css"] = "text/css; charset=utf-8",
        ["chat.css"] = "text/css; charset=utf-8",
        ["app.js"] = "text/javascript; charset=utf-8",
        ["phone.js"] = "text/javascript; charset=utf-8",
        ["inbox.js"] = "text/javascript; charset=utf-8",
        ["dom.js"] = "text/javascript; charset=utf-8",
        ["compose.js"] = "text/javascript; charset=utf-8",
        ["files.js"] = "text/javascript; charset=utf-8",
        ["marks.js"] = "text/javascript; charset=utf-8",
        ["icon.svg"] = "image/svg+xml",
    };

    public void Map(IEndpointRouteBuilder web)
    {
        web.MapPost("/api/session", RunAsync);
        foreach (var (name, contentType) in Assets) web.MapGet(name == "index.html" ? "/" : "/" + name, () => Results.Stream(Open(name), contentType));
    }

    private static Stream Open(string name) =>
        typeof(DemoApi).Assembly.GetManifestResourceStream(Folder + name) ?? throw new InvalidOperationException($"{name} is not in the assembly");

    private async Task<IResult> RunAsync(SessionRequest request, CancellationToken ct)
    {
        if (request.Verb is not ("start" or "stop" or "scan")) return Results.Json(new JsonObject { ["error"] = "verb must be start, stop or scan" }, statusCode: 400);
        try
        {
            if (request.Verb == "scan") await product.LinkAsync(business, ct);
            else await product.RunAsync(request.Verb, ct);
            await watch.LookAsync(ct);
            return Results.Ok();
        }
        catch (SimulatorException e)
        {
            return Results.Json(new JsonObject { ["error"] = e.Message }, statusCode: 502);
        }
    }
}
