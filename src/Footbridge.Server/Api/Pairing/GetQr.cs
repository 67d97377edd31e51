using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;
using QRCoder;

namespace Footbridge.Server.Api.Pairing;

internal static class GetQr
{
    private const int PixelsPerModule = 8;

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/api/{session}/auth/qr", HandleAsync).WithTags("Pairing");

    /// <summary>A linking code as a PNG.</summary>
    public static byte[] Png(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
        return new PngByteQRCode(data).GetGraphic(PixelsPerModule);
    }

    private static async Task<IResult> HandleAsync(string session, string? format, HttpRequest request, SessionRegistry sessions, CancellationToken ct)
    {
        if (sessions.Find(session) is not { } live) throw new SessionNotWorkingException($"Session \"{session}\" does not exist", session, SessionStatus.Stopped);
        await live.WaitAsync(status => status != SessionStatus.Starting, TimeSpan.FromSeconds(5), ct);
        if (live.Qr is not { } qr) throw new RuleException($"Can get QR code only in SCAN_QR_CODE status. The current status is '{live.Status}'");
        if (format == "raw") return Results.Json(new JsonObject { ["value"] = qr });
        if (format is not (null or "image")) throw new InvalidRequestException("format must be one of the following values: image, raw");
        var png = Png(qr);
        return request.Headers.Accept.Any(accept => accept?.Contains("application/json", StringComparison.Ordinal) ?? false)
            ? Results.Json(new JsonObject { ["mimetype"] = "image/png", ["data"] = Convert.ToBase64String(png) })
            : Results.Bytes(png, "image/png");
    }
}
