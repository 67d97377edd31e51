using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Lids;

/// <summary>Which LID and which phone number are one person, as far as WhatsApp has told this account.</summary>
internal static class LidLookups
{
    private const int DefaultLimit = 100;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/api/{session}/lids", ListAsync).WithTags("Contacts");
        api.MapGet("/api/{session}/lids/count", CountAsync).WithTags("Contacts");
        api.MapGet("/api/{session}/lids/{lid}", OfLidAsync).WithTags("Contacts");
        api.MapGet("/api/{session}/lids/pn/{phoneNumber}", OfPhoneAsync).WithTags("Contacts");
    }

    private static async Task<JsonArray> ListAsync(string session, string? limit, string? offset, SessionRegistry sessions, CancellationToken ct)
    {
        var (count, skipped) = (QueryText.Number(limit, "limit", DefaultLimit), QueryText.Number(offset, "offset", 0));
        var live = await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        return [.. (await live.Client.Contacts.ListPairsAsync(ct)).Skip(skipped).Take(count).Select(pair => (JsonNode)Shape(pair.Lid, pair.Phone))];
    }

    private static async Task<JsonObject> CountAsync(string session, SessionRegistry sessions, CancellationToken ct)
    {
        var live = await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        return new() { ["count"] = (await live.Client.Contacts.ListPairsAsync(ct)).Count };
    }

    private static async Task<JsonObject> OfLidAsync(string session, string lid, SessionRegistry sessions, CancellationToken ct)
    {
        if (WahaIds.ParseChatId(lid.Contains('@', StringComparison.Ordinal) ? lid : lid + "@lid") is not { IsLid: true } person) throw new RuleException("Invalid LID - it must end with @lid");
        var live = await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        return Shape(person, await live.FindTwinAsync(person, ct));
    }

    /// <summary>From what is known, else WhatsApp is asked.</summary>
    private static async Task<JsonObject> OfPhoneAsync(string session, string phoneNumber, SessionRegistry sessions, CancellationToken ct)
    {
        var phone = new Jid(QueryText.Phone(phoneNumber, "phoneNumber"), JidServer.User);
        var live = await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        return Shape(await live.FindTwinAsync(phone, ct) ?? (await live.FindAccountAsync(phone.User, ct))?.Lid, phone);
    }

    private static JsonObject Shape(Jid? lid, Jid? phone) => new() { ["lid"] = lid?.ToString(), ["pn"] = phone is { } pn ? WahaIds.ChatId(pn) : null };
}
