using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot.State;

namespace Footbridge.Simulator.Chatwoot.Api;

/// <summary>Who may call what, and how refusals look: 401 for every missing right, one body for records and another for the rest.</summary>
internal static class SimAccess
{
    public static async Task PassAsync(HttpContext context, RequestDelegate next, SimAccount account)
    {
        try
        {
            Check(context.Request, account);
            await next(context);
            if (context.Response is { StatusCode: 404 or 405, HasStarted: false } && context.GetEndpoint() is null) await WriteAsync(context, 404, NotFound(context.Request));
        }
        catch (SimRefusal refusal) when (!context.Response.HasStarted)
        {
            await WriteAsync(context, refusal.Status, BodyOf(refusal, context.Request));
        }
        catch (Exception e) when (e is JsonException or BadHttpRequestException && !context.Response.HasStarted)
        {
            await WriteAsync(context, 400, new() { ["status"] = 400, ["error"] = "Bad Request" });
        }
    }

    /// <exception cref="SimRefusal">Only administrators may.</exception>
    public static void RequireAdministrator(HttpRequest request)
    {
        if (!IsAdministrator(request)) throw new SimRefusal(401, "You are not authorized to do this action");
    }

    public static bool IsAdministrator(HttpRequest request) => TokenOf(request) == ChatwootSimulator.Token;

    private static void Check(HttpRequest request, SimAccount owner)
    {
        if (!request.Path.StartsWithSegments("/api/v1", out var rest)) return;
        var token = TokenOf(request) ?? throw new SimRefusal(401, "sign in");
        if (owner.IsTokenRevoked || token is not (ChatwootSimulator.Token or ChatwootSimulator.AgentToken)) throw new SimRefusal(401, "Invalid Access Token");
        var parts = rest.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts is ["accounts", var account, ..] && account != ChatwootSimulator.AccountId.ToString(CultureInfo.InvariantCulture)) throw new SimRefusal(401, "You are not authorized to access this account");
    }

    // Rack reads a dash in a header's name as an underscore.
    public static string? TokenOf(HttpRequest request) =>
        request.Headers["api_access_token"].FirstOrDefault() ?? request.Headers["Api-Access-Token"].FirstOrDefault();

    private static JsonObject BodyOf(SimRefusal refusal, HttpRequest request) => refusal switch
    {
        { Status: 401, Message: "sign in" } => new() { ["errors"] = new JsonArray("You need to sign in or sign up before continuing.") },
        { Status: 404 } => NotFound(request),
        { Status: 500 } => new() { ["status"] = 500, ["error"] = "Internal Server Error" },
        { Attributes.Count: > 0 } => new() { ["message"] = refusal.Message, ["attributes"] = new JsonArray([.. refusal.Attributes.Select(a => (JsonNode)a)]) },
        _ => new() { ["error"] = refusal.Message },
    };

    private static JsonObject NotFound(HttpRequest request) => request.Path.StartsWithSegments("/public")
        ? new() { ["status"] = 404, ["error"] = "Not Found" }
        : new() { ["error"] = "Resource could not be found" };

    private static Task WriteAsync(HttpContext context, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(body);
    }
}
