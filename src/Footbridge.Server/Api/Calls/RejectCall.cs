using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Calls;

/// <summary>Rejects a call that rings; the <c>call.rejected</c> event follows.</summary>
internal static class RejectCall
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/api/{session}/calls/reject", HandleAsync).WithTags("Calls");

    private static async Task<IResult> HandleAsync(string session, RequestBody body, SessionRegistry sessions, CancellationToken ct)
    {
        var from = QueryText.Person(Body.RequiredText(body.Json, "from"), "from");
        var id = Body.RequiredText(body.Json, "id");
        var live = await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        await live.Client.Calls.RejectAsync(from, id, ct);
        return Results.StatusCode(201);
    }
}
