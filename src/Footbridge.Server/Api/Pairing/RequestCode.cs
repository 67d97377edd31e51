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
        CheckNumber(Body.RequiredText(body.Json, "phoneNumber"));
        if (Body.Text(body.Json, "method") is { Length: > 0 }) throw new RuleException("Only the code shown here can be typed on the phone; leave 'method' out");
        var live = await sessions.WaitStartedAsync(session, ct);
        return Results.Json(new JsonObject { ["code"] = await AskAsync(live, Body.RequiredText(body.Json, "phoneNumber"), ct) }, statusCode: 201);
    }

    /// <summary>The code as people type it.</summary>
    /// <exception cref="InvalidRequestException">The number is none.</exception>
    /// <exception cref="RuleException">The session does not wait to be linked, or WhatsApp gives no code.</exception>
    public static async Task<string> AskAsync(Session live, string number, CancellationToken ct)
    {
        var phone = CheckNumber(number);
        if (live.Status != SessionStatus.ScanQrCode) throw new RuleException($"Can request code only in SCAN_QR_CODE status. The current status is {live.Status}");
        try
        {
            return LinkCode.Show(await live.Client.RequestLinkCodeAsync(phone, null, ct));
        }
        catch (QueryFailedException e)
        {
            throw new RuleException($"WhatsApp gives no code for this number now ({e.Code} {e.Text}). Check the number, or scan the QR code");
        }
    }

    private static string CheckNumber(string number)
    {
        var phone = Separators().Replace(number, "");
        return Number().IsMatch(phone) ? phone : throw new InvalidRequestException("phoneNumber must be a phone number in international form, digits only, such as 12132132130");
    }

    [GeneratedRegex("[+ ()-]|@c\\.us$")]
    private static partial Regex Separators();

    [GeneratedRegex("^[1-9][0-9]{6,14}$")]
    private static partial Regex Number();
}
