using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Contacts;

/// <summary>Whether a phone number is on WhatsApp, and how WhatsApp writes it.</summary>
internal static class CheckExists
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/api/contacts/check-exists", HandleAsync).WithTags("Contacts");
        api.MapGet("/api/checkNumberStatus", HandleAsync).WithTags("Chatting");
    }

    private static async Task<JsonObject> HandleAsync(string? phone, string? session, SessionRegistry sessions, CancellationToken ct)
    {
        var digits = QueryText.Phone(phone, "phone");
        var live = await sessions.WaitForAsync(session ?? "default", SessionStatus.Working, ct);
        return await live.FindAccountAsync(digits, ct) is { } account
            ? new() { ["numberExists"] = true, ["chatId"] = WahaIds.ChatId(account) }
            : new() { ["numberExists"] = false };
    }
}
