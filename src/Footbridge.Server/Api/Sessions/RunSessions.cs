using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Sessions;

/// <summary>Start, stop, restart and logout.</summary>
internal static class RunSessions
{
    public static void Map(IEndpointRouteBuilder api)
    {
        Map(api, "start", (sessions, name, ct) => sessions.StartAsync(name, ct));
        Map(api, "stop", (sessions, name, ct) => sessions.StopAsync(name, ct));
        Map(api, "restart", (sessions, name, ct) => sessions.RestartAsync(name, ct));
        Map(api, "logout", (sessions, name, ct) => sessions.LogoutAsync(name, ct));
    }

    private static void Map(IEndpointRouteBuilder api, string verb, Func<SessionRegistry, string, CancellationToken, Task> run) =>
        api.MapPost($"/api/sessions/{{session}}/{verb}", async (string session, SessionRegistry sessions, CancellationToken ct) =>
        {
            await run(sessions, session, ct);
            return sessions.FindConfig(session) is { } config
                ? Results.Json(SessionShape.Of(session, config, sessions.Find(session)), statusCode: 201)
                : Results.StatusCode(201);
        }).WithTags("Sessions");
}
