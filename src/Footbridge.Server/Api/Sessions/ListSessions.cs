using System.Text.Json.Nodes;
using Footbridge.Server.Apps;
using Footbridge.Server.Security.Keys;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Sessions;

internal static class ListSessions
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/api/sessions", Handle).WithTags("Sessions");
        api.MapGet("/api/sessions/{session}", HandleOne).WithTags("Sessions");
        api.MapGet("/api/sessions/{session}/me", HandleMe).WithTags("Sessions");
    }

    private static JsonArray Handle(string? all, HttpRequest request, SessionRegistry sessions, AppRegistry apps)
    {
        var own = ApiCaller.Of(request.HttpContext)?.Session;
        var withStopped = all is "true" or "True" or "1";
        var shapes = sessions.List().Where(s => own is null || s.Name == own)
            .Select(s => SessionShape.Of(s.Name, s.Config, sessions.Find(s.Name), WantsApps(request) ? apps.Of(s.Name) : null))
            .Where(shape => withStopped || shape["status"]!.GetValue<string>() != SessionStatus.Stopped);
        return [.. shapes];
    }

    private static JsonObject HandleOne(string session, HttpRequest request, SessionRegistry sessions, AppRegistry apps) =>
        SessionShape.Of(session, sessions.FindConfig(session) ?? throw new SessionNotFoundException(), sessions.Find(session), WantsApps(request) ? apps.Of(session) : null);

    private static IResult HandleMe(string session, SessionRegistry sessions)
    {
        if (sessions.FindConfig(session) is null) throw new SessionNotFoundException();
        var live = sessions.Find(session) is { Status: not SessionStatus.Stopped } running ? running : null;
        return Results.Text(SessionShape.Me(live?.Me)?.ToJsonString() ?? "null", "application/json");
    }

    private static bool WantsApps(HttpRequest request) => request.Query["expand"].Contains("apps");
}
