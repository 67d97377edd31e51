using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Api.Chatting;

/// <summary>Places.</summary>
internal static class SendLocation
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/api/sendLocation", HandleAsync).WithTags("Chatting");

    private static async Task<IResult> HandleAsync(RequestBody body, string? session, SessionRegistry sessions, IMessageArchive archive, CancellationToken ct)
    {
        var request = SendRequest.Read(body, session);
        var (latitude, longitude) = (Degrees(request.Fields, "latitude", 90), Degrees(request.Fields, "longitude", 180));
        var title = Body.Text(request.Fields, "title");
        var live = await request.OpenAsync(sessions, ct);
        return await request.SendAsync(live, PlaceContents.Location(latitude, longitude, title, context: await request.ContextAsync(live, archive, ct)), ct);
    }

    private static double Degrees(JsonObject fields, string name, double limit)
    {
        if (fields[name] is JsonValue value && value.GetValueKind() is JsonValueKind.Number or JsonValueKind.String
            && double.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) && Math.Abs(degrees) <= limit) return degrees;
        throw new InvalidRequestException($"{name} must be a number of degrees from -{limit} to {limit}");
    }
}
