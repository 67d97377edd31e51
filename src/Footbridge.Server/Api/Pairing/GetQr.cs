using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;
using QRCoder;

namespace Footbridge.Server.Api.Pairing;

internal static class GetQr
{
    private const int PixelsPerModule = 8;

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/api/{session}/auth/qr", HandleAsync).WithTags("Pairing").WithSummary("PNG, base64, raw");

    /// <summary>A linking code as a PNG.</summary>
    public static byte[] Png(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
        return new PngByteQRCode(data).GetGraphic(PixelsPerModule);
    }

    private static async Task<IResult> HandleAsync(string session, string? format, HttpRequest request, SessionRegistry sessions, CancellationToken ct)
    {
        if (format is not (null or "" or "image" or "raw")) throw new InvalidRequestException("format must be one of the following values: image, raw");
        var live = await sessions.WaitForAsync(session, SessionStatus.ScanQrCode, ct);
        if (live.Qr is not { } qr) throw SessionNotWorkingException.InState(session, live.Status, SessionStatus.ScanQrCode);
        if (format == "raw") return Results.Json(new JsonObject { ["value"] = qr });
        var png = Png(qr);
        // Exactly this and nothing beside it: browsers and curl send lists that name JSON too, and want the picture.
        return request.Headers.Accept.ToString() == "application/json"
            ? Results.Json(new JsonObject { ["mimetype"] = "image/png", ["data"] = Convert.ToBase64String(png) })
            : Results.Bytes(png, "image/png");
    }
}
