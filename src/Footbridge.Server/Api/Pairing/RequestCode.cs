using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Footbridge.Engine.Connection;
using Footbridge.Protocol.Pairing;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Pairing;

/// <summary>A code to type on the phone instead of scanning the QR code.</summary>
internal static partial class RequestCode
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/api/{session}/auth/request-code", HandleAsync).WithTags("Pairing").WithSummary("valid 180 s; the QR codes go on beside it");

    private static async Task<IResult> HandleAsync(string session, RequestBody body, SessionRegistry sessions, CancellationToken ct)
    {
        var phone = Separators().Replace(Body.RequiredText(body.Json, "phoneNumber"), "");
        if (!Number().IsMatch(phone)) throw new InvalidRequestException("phoneNumber must be a phone number in international form, digits only, such as 12132132130");
        if (Body.Text(body.Json, "method") is { Length: > 0 }) throw new RuleException("Only the code shown here can be typed on the phone; leave 'method' out");
        var live = await sessions.WaitStartedAsync(session, ct);
        if (live.Status != SessionStatus.ScanQrCode) throw new RuleException($"Can request code only in SCAN_QR_CODE status. The current status is {live.Status}");
        try
        {
            var code = await live.Client.RequestLinkCodeAsync(phone, null, ct);
            return Results.Json(new JsonObject { ["code"] = LinkCode.Show(code) }, statusCode: 201);
        }
        catch (QueryFailedException e)
        {
            throw new RuleException($"WhatsApp gives no code for this number now ({e.Code} {e.Text}). Check the number, or scan the QR code");
        }
    }

    [GeneratedRegex("[+ ()-]|@c\\.us$")]
    private static partial Regex Separators();

    [GeneratedRegex("^[1-9][0-9]{6,14}$")]
    private static partial Regex Number();
}
