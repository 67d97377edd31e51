using System.Text.Json.Nodes;
using Footbridge.Engine.Groups;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Groups;

/// <summary>What every call about groups needs: a working session, and ids read from the path and the body.</summary>
internal static class GroupCall
{
    private const string LinkPrefix = "chat.whatsapp.com/";

    /// <exception cref="SessionNotWorkingException">The session is not linked and connected.</exception>
    public static async Task<GroupsFeature> GroupsAsync(this SessionRegistry sessions, string session, CancellationToken ct) =>
        (await sessions.WaitForAsync(session, SessionStatus.Working, ct)).Client.Groups;

    /// <exception cref="InvalidRequestException">The id is no group's.</exception>
    public static Jid GroupId(string id)
    {
        var text = Uri.UnescapeDataString(id);
        if (!text.Contains('@', StringComparison.Ordinal)) text += "@" + JidServer.Group;
        return Jid.TryParse(text, out var jid) && jid.IsGroup ? jid : throw new InvalidRequestException("id must be a group id such as 120363000000000001@g.us");
    }

    /// <summary>The people in a body's <c>participants</c>.</summary>
    /// <exception cref="InvalidRequestException">There are none, or one is no person's id.</exception>
    public static IReadOnlyList<Jid> People(JsonObject body)
    {
        if (body["participants"] is not JsonArray { Count: > 0 } list) throw new InvalidRequestException("participants must be an array", "participants should not be empty");
        return [.. list.Select(item => WahaIds.ParseChatId(item is JsonObject person ? person["id"]?.ToString() ?? "" : item?.ToString() ?? "") is { IsUser: true } jid
            ? jid
            : throw new InvalidRequestException("participants must have ids such as 12132132130@c.us"))];
    }

    /// <summary>An invite code, given as such or as a link.</summary>
    public static string Code(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) throw new InvalidRequestException("code should not be empty");
        var start = text.IndexOf(LinkPrefix, StringComparison.Ordinal);
        return (start < 0 ? text : text[(start + LinkPrefix.Length)..]).Trim().Split('?', '/')[0];
    }
}
