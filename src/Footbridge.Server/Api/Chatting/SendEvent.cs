using Footbridge.Engine.Messages.Contents;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Api.Chatting;

/// <summary>Events that people can accept.</summary>
internal static class SendEvent
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/api/{session}/events", HandleAsync).WithTags("Events");

    private static async Task<IResult> HandleAsync(RequestBody body, string session, SessionRegistry sessions, IMessageArchive archive, CancellationToken ct)
    {
        body.Json.Remove("session");
        var request = SendRequest.Read(body, session);
        var fields = Body.Object(request.Fields, "event") ?? throw new InvalidRequestException("event must be an object");
        var place = Body.Object(fields, "location");
        var planned = new PlannedEvent(Body.RequiredText(fields, "name"), At(Body.RequiredNumber(fields, "startTime"), "startTime"))
        {
            End = fields["endTime"] is null ? null : At(Body.RequiredNumber(fields, "endTime"), "endTime"),
            Description = Body.Text(fields, "description"),
            Place = place is null ? null : Body.Text(place, "name"),
            AllowsExtraGuests = Body.Flag(fields, "extraGuestsAllowed") ?? false,
        };
        var live = await request.OpenAsync(sessions, ct);
        return await request.SendAsync(live, EventContents.Event(planned, await request.ContextAsync(live, archive, ct)), ct);
    }

    private static DateTimeOffset At(long seconds, string name) =>
        seconds is >= 0 and <= uint.MaxValue ? DateTimeOffset.FromUnixTimeSeconds(seconds) : throw new InvalidRequestException($"{name} must be a time in seconds");
}
