using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Pairing;

/// <summary>Linking an account that has a passkey: its challenge goes out to a browser, and the browser's answer comes in.</summary>
internal static class Passkeys
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/api/{session}/auth/passkey/challenge", GetChallengeAsync).WithTags("Pairing").WithSummary("while the status is PASSKEY_REQUIRED");
        api.MapPost("/api/{session}/auth/passkey", AnswerAsync).WithTags("Pairing").WithSummary("what navigator.credentials.get() gave");
        api.MapGet("/api/{session}/auth/passkey/confirmation", GetCodeAsync).WithTags("Pairing").WithSummary("while the status is PASSKEY_CONFIRMATION_REQUIRED");
        api.MapPost("/api/{session}/auth/passkey/confirm", ConfirmAsync).WithTags("Pairing").WithSummary("the codes are the same");
    }

    private static async Task<IResult> GetChallengeAsync(string session, SessionRegistry sessions, CancellationToken ct) =>
        Results.Json(DataOf(await sessions.WaitStartedAsync(session, ct), SessionStatus.PasskeyRequired, "challenge"));

    private static async Task<IResult> AnswerAsync(string session, RequestBody body, SessionRegistry sessions, CancellationToken ct)
    {
        await AnswerForAsync(await sessions.WaitStartedAsync(session, ct), body.Json, ct);
        return Results.StatusCode(StatusCodes.Status201Created);
    }

    /// <exception cref="InvalidRequestException">It is not what a browser gives.</exception>
    /// <exception cref="RuleException">The session does not wait for it.</exception>
    public static async Task AnswerForAsync(Session live, JsonObject credential, CancellationToken ct)
    {
        DataOf(live, SessionStatus.PasskeyRequired, "challenge");
        try
        {
            await live.Client.AnswerPasskeyAsync(credential.ToJsonString(), ct);
        }
        catch (ArgumentException e)
        {
            throw new InvalidRequestException((e.InnerException ?? e).Message);
        }
        catch (TimeoutException e)
        {
            throw new RuleException($"WhatsApp did not answer: {e.Message}");
        }
    }

    private static async Task<IResult> GetCodeAsync(string session, SessionRegistry sessions, CancellationToken ct) =>
        Results.Json(DataOf(await sessions.WaitStartedAsync(session, ct), SessionStatus.PasskeyConfirmationRequired, "confirmation"));

    private static async Task<IResult> ConfirmAsync(string session, SessionRegistry sessions, CancellationToken ct)
    {
        await ConfirmForAsync(await sessions.WaitStartedAsync(session, ct), ct);
        return Results.StatusCode(StatusCodes.Status201Created);
    }

    /// <exception cref="RuleException">The session does not wait for it.</exception>
    public static async Task ConfirmForAsync(Session live, CancellationToken ct)
    {
        DataOf(live, SessionStatus.PasskeyConfirmationRequired, "confirmation");
        try
        {
            await live.Client.ConfirmPasskeyAsync(ct);
        }
        catch (TimeoutException e)
        {
            throw new RuleException($"WhatsApp did not answer: {e.Message}");
        }
    }

    /// <summary>What the status carries.</summary>
    /// <exception cref="RuleException">The session is not in it.</exception>
    private static JsonObject DataOf(Session live, string expected, string what)
    {
        // Both at once: the status may change between two looks.
        var (status, data) = live.StatusData;
        return status == expected && data is not null ? data : throw new RuleException($"No passkey {what} is pending. It is in {expected} status. The current status is {status}");
    }
}
