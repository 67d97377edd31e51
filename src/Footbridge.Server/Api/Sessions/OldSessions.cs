using System.Text.Json.Nodes;
using Footbridge.Server.Apps;
using Footbridge.Server.Security.Keys;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Sessions;

/// <summary>The three calls of before 2025 that take the name in the body; old scripts and templates still use them.</summary>
internal static class OldSessions
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/api/sessions/start", StartAsync).WithTags("Sessions");
        api.MapPost("/api/sessions/stop", StopAsync).WithTags("Sessions");
        api.MapPost("/api/sessions/logout", LogoutAsync).WithTags("Sessions");
    }

    private static async Task<IResult> StartAsync(RequestBody body, SessionRegistry sessions, CancellationToken ct)
    {
        var name = NameOf(body.Json);
        var config = SessionConfig.Read(body.Json);
        if (sessions.Find(name) is { Status: not (SessionStatus.Stopped or SessionStatus.Failed) }) throw new RuleException($"Session '{name}' is already started.");
        if (sessions.FindConfig(name) is null) await sessions.CreateAsync(name, config, ct);
        else if (body.Json["config"] is not null) await sessions.UpdateAsync(name, config, ct);
        await sessions.StartAsync(name, ct);
        return Results.Json(SessionShape.Of(name, sessions.FindConfig(name) ?? [], sessions.Find(name)), statusCode: 201);
    }

    private static async Task<IResult> StopAsync(RequestBody body, SessionRegistry sessions, AppRegistry apps, ApiKeys keys, CancellationToken ct)
    {
        var name = NameOf(body.Json);
        if (Body.Flag(body.Json, "logout") ?? false) await ChangeSessions.RemoveAsync(name, sessions, apps, keys, ct);
        else await sessions.StopAsync(name, ct);
        return Results.StatusCode(201);
    }

    private static async Task<IResult> LogoutAsync(RequestBody body, SessionRegistry sessions, AppRegistry apps, ApiKeys keys, CancellationToken ct)
    {
        await ChangeSessions.RemoveAsync(NameOf(body.Json), sessions, apps, keys, ct);
        return Results.StatusCode(201);
    }

    private static string NameOf(JsonObject body) => Body.Text(body, "name") is { Length: > 0 } name ? name : throw new RuleException("Session name is required");
}
