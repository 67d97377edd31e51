using System.Text.Json.Nodes;
using Footbridge.Server.Security.Keys;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Keys;

/// <summary>API keys beside the one of the configuration: for admins, and for one session with what it may do there. Admins only.</summary>
internal static class KeyEndpoints
{
    private const string MediaId = "key_id_media_";
    private const string ControlId = "key_id_control_";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/api/keys", List).WithTags("Api Keys");
        api.MapPost("/api/keys", CreateAsync).WithTags("Api Keys");
        api.MapPut("/api/keys/{id}", UpdateAsync).WithTags("Api Keys");
        api.MapDelete("/api/keys/{id}", DeleteAsync).WithTags("Api Keys");
        api.MapPost("/api/keys/media", (RequestBody body, ApiKeys keys, SessionRegistry sessions, CancellationToken ct) =>
            EnsureAsync(body, MediaId, KeyActions.None, keys, sessions, ct)).WithTags("Api Keys");
        api.MapPost("/api/keys/control", (RequestBody body, ApiKeys keys, SessionRegistry sessions, CancellationToken ct) =>
            EnsureAsync(body, ControlId, KeyActions.Control, keys, sessions, ct)).WithTags("Api Keys");
    }

    private static JsonArray List(ApiKeys keys) => [.. keys.List().Select(KeyShape.Of)];

    private static async Task<IResult> CreateAsync(RequestBody body, ApiKeys keys, SessionRegistry sessions, CancellationToken ct)
    {
        var (isActive, isAdmin, session, actions) = Read(body.Json, sessions);
        return Results.Json(KeyShape.Of(await keys.CreateAsync(null, isActive, isAdmin, session, actions, ct)), statusCode: 201);
    }

    private static async Task<JsonObject> UpdateAsync(string id, RequestBody body, ApiKeys keys, SessionRegistry sessions, CancellationToken ct)
    {
        if (keys.FindById(id) is null) throw Unknown();
        var (isActive, isAdmin, session, actions) = Read(body.Json, sessions);
        return KeyShape.Of(await keys.UpdateAsync(id, isActive, isAdmin, session, actions, ct) ?? throw Unknown());
    }

    private static async Task<JsonObject> DeleteAsync(string id, ApiKeys keys, CancellationToken ct) =>
        await keys.DeleteAsync(id, ct) ? new() { ["result"] = true } : throw Unknown();

    /// <summary>The one key of its kind that a session has, made when it is not there.</summary>
    private static async Task<IResult> EnsureAsync(RequestBody body, string prefix, KeyActions actions, ApiKeys keys, SessionRegistry sessions, CancellationToken ct)
    {
        var session = Body.RequiredText(body.Json, "session");
        Require(session, sessions);
        var key = keys.FindById(prefix + session) ?? await keys.CreateAsync(prefix + session, isActive: true, isAdmin: false, session, actions, ct);
        return Results.Json(KeyShape.Of(key), statusCode: 201);
    }

    private static (bool IsActive, bool IsAdmin, string? Session, KeyActions? Actions) Read(JsonObject body, SessionRegistry sessions)
    {
        var (isActive, isAdmin) = (Body.Flag(body, "isActive") ?? true, Body.Flag(body, "isAdmin") ?? false);
        var session = Body.Text(body, "session") is { Length: > 0 } named ? named : null;
        var actions = Body.Object(body, "actions") is { } given ? KeyShape.ReadActions(given) : (KeyActions?)null;
        if (isAdmin && session is not null) throw new RuleException("Session is not allowed for admin keys");
        if (!isAdmin && session is null) throw new RuleException("Either isAdmin must be true or session must be provided");
        if (isAdmin && actions is not null) throw new RuleException("Actions are only allowed for session-scoped keys");
        if (session is not null) Require(session, sessions);
        return (isActive, isAdmin, session, actions);
    }

    private static void Require(string session, SessionRegistry sessions)
    {
        if (sessions.FindConfig(session) is null) throw new RuleException($"Session \"{session}\" does not exist");
    }

    private static NotFoundException Unknown() => new("API key not found");
}
