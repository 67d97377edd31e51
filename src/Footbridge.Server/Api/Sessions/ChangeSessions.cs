using System.Text.Json.Nodes;
using Footbridge.Server.Apps;
using Footbridge.Server.Security.Keys;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Sessions;

/// <summary>Create, update and delete.</summary>
internal static class ChangeSessions
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/api/sessions", CreateAsync).WithTags("Sessions").WithSummary("every field of `config` is kept and given back; `client` counts when the session is linked, `proxy` from the next start on");
        api.MapPut("/api/sessions/{session}", UpdateAsync).WithTags("Sessions");
        api.MapDelete("/api/sessions/{session}", DeleteAsync).WithTags("Sessions");
    }

    private static async Task<IResult> CreateAsync(RequestBody body, SessionRegistry sessions, AppRegistry apps, CancellationToken ct)
    {
        var request = body.Json;
        var name = Body.Text(request, "name") is { Length: > 0 } given ? given : "session_" + WahaIds.NewUlid();
        var config = SessionConfig.Read(request);
        await sessions.CreateAsync(name, config, ct);
        var synced = await SyncAppsAsync(request, name, apps, ct);
        if (Body.Flag(request, "start") ?? true) await sessions.StartAsync(name, ct);
        return Results.Json(SessionShape.Of(name, config, sessions.Find(name), synced), statusCode: 201);
    }

    private static async Task<JsonObject> UpdateAsync(string session, RequestBody body, HttpContext context, SessionRegistry sessions, AppRegistry apps, CancellationToken ct)
    {
        var request = body.Json;
        if (request["apps"] is not null && ApiCaller.Of(context)?.May(KeyActions.App) == false) throw new ForbiddenException();
        var config = SessionConfig.Read(request);
        if (sessions.FindConfig(session) is null) throw new SessionNotFoundException();
        var synced = await SyncAppsAsync(request, session, apps, ct);
        await sessions.UpdateAsync(session, config, ct);
        return SessionShape.Of(session, config, sessions.Find(session), synced);
    }

    private static async Task<IResult> DeleteAsync(string session, SessionRegistry sessions, AppRegistry apps, ApiKeys keys, CancellationToken ct)
    {
        await RemoveAsync(session, sessions, apps, keys, ct);
        return Results.Ok();
    }

    /// <summary>Unlinks and forgets a session, its apps and its keys; harmless when there is none.</summary>
    internal static async Task RemoveAsync(string session, SessionRegistry sessions, AppRegistry apps, ApiKeys keys, CancellationToken ct)
    {
        await keys.DeleteOfAsync(session, ct);
        // One by one, so that each inbox hears of it; the session's own delete would only drop their rows.
        foreach (var app in apps.Of(session)) await apps.DeleteAsync(app.Id, ct);
        await sessions.DeleteAsync(session, ct);
    }

    private static async Task<IReadOnlyList<AppRecord>?> SyncAppsAsync(JsonObject request, string session, AppRegistry apps, CancellationToken ct)
    {
        if (!request.TryGetPropertyValue("apps", out var node) || node is null) return null;
        return await apps.SyncAsync(session, node as JsonArray ?? throw new InvalidRequestException("apps must be an array"), ct);
    }
}
