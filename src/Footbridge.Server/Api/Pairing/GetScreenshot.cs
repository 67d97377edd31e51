using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Pairing;

/// <summary>There is no browser to take a picture of: while a session waits to be linked the picture is its QR code.</summary>
internal static class GetScreenshot
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/api/screenshot", Handle).WithTags("Pairing").WithSummary("the QR code while there is one");

    private static IResult Handle(string? session, HttpRequest request, SessionRegistry sessions)
    {
        var name = session is { Length: > 0 } ? session : "default";
        if (sessions.FindConfig(name) is null) throw new SessionNotFoundException();
        var live = sessions.Find(name);
        if (live is { Status: SessionStatus.ScanQrCode, Qr: { } qr })
        {
            var png = GetQr.Png(qr);
            return request.Headers.Accept.ToString() == "application/json"
                ? Results.Json(new JsonObject { ["mimetype"] = "image/png", ["data"] = Convert.ToBase64String(png) })
                : Results.Bytes(png, "image/png");
        }

        throw new RuleException((live?.Status ?? SessionStatus.Stopped) switch
        {
            SessionStatus.Starting => "The session is starting, please try again after few seconds",
            SessionStatus.Working => "Can not get screenshot for non chrome based engine.",
            var status => $"Unknown status - {status}",
        });
    }
}
