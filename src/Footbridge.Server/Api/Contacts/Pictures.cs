using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Contacts;

/// <summary>Pictures of people, chats, groups and the account itself. Answers of the last day are given again unless <c>refresh</c> is set.</summary>
internal static class Pictures
{
    private static ReadOnlySpan<byte> JpegStart => [0xFF, 0xD8, 0xFF];

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/api/contacts/profile-picture", ContactAsync).WithTags("Contacts");
        api.MapGet("/api/{session}/chats/{chatId}/picture", (string session, string chatId, string? refresh, SessionRegistry sessions, CancellationToken ct) =>
            ChatAsync(session, QueryText.ChatId(chatId, "chatId"), refresh, sessions, ct)).WithTags("Chats");
        api.MapGet("/api/{session}/groups/{id}/picture", (string session, string id, string? refresh, SessionRegistry sessions, CancellationToken ct) =>
            ChatAsync(session, GroupOf(id), refresh, sessions, ct)).WithTags("Groups");
        api.MapPut("/api/{session}/groups/{id}/picture", (string session, string id, RequestBody body, SessionRegistry sessions, CancellationToken ct) =>
            SetAsync(session, GroupOf(id), body, sessions, ct)).WithTags("Groups").WithSummary("JPEG, as base64");
        api.MapDelete("/api/{session}/groups/{id}/picture", (string session, string id, SessionRegistry sessions, CancellationToken ct) =>
            RemoveAsync(session, GroupOf(id), sessions, ct)).WithTags("Groups");
        api.MapPut("/api/{session}/profile/picture", (string session, RequestBody body, SessionRegistry sessions, CancellationToken ct) =>
            SetAsync(session, null, body, sessions, ct)).WithTags("Profile").WithSummary("JPEG, as base64");
        api.MapDelete("/api/{session}/profile/picture", (string session, SessionRegistry sessions, CancellationToken ct) =>
            RemoveAsync(session, null, sessions, ct)).WithTags("Profile");
    }

    private static async Task<JsonObject> ContactAsync(string? contactId, string? refresh, string? session, SessionRegistry sessions, CancellationToken ct) =>
        new() { ["profilePictureURL"] = await UrlAsync(session ?? "default", QueryText.ChatId(contactId, "contactId"), refresh, sessions, ct) };

    private static async Task<JsonObject> ChatAsync(string session, Jid chat, string? refresh, SessionRegistry sessions, CancellationToken ct) =>
        new() { ["url"] = await UrlAsync(session, chat, refresh, sessions, ct) };

    private static async Task<string?> UrlAsync(string session, Jid owner, string? refresh, SessionRegistry sessions, CancellationToken ct)
    {
        var isFresh = QueryText.Flag(refresh, "refresh");
        var live = await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        return (await live.Client.Contacts.Pictures.FindAsync(owner, isPreview: false, isFresh, ct))?.Url.ToString();
    }

    private static async Task<JsonObject> SetAsync(string session, Jid? group, RequestBody body, SessionRegistry sessions, CancellationToken ct)
    {
        var jpeg = JpegOf(body.Json);
        var live = await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        await live.Client.Contacts.Pictures.SetAsync(group, jpeg, ct);
        return new() { ["success"] = true };
    }

    private static async Task<JsonObject> RemoveAsync(string session, Jid? group, SessionRegistry sessions, CancellationToken ct)
    {
        var live = await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        await live.Client.Contacts.Pictures.RemoveAsync(group, ct);
        return new() { ["success"] = true };
    }

    private static byte[] JpegOf(JsonObject body)
    {
        var file = Body.Object(body, "file") ?? throw new InvalidRequestException("file should not be empty");
        if (Body.Text(file, "data") is not { Length: > 0 } data)
        {
            if (Body.Text(file, "url") is { Length: > 0 }) throw new NotInThisEngineException();
            throw new InvalidRequestException("file.data should not be empty");
        }

        if (data.StartsWith("data:", StringComparison.Ordinal)) data = data[(data.IndexOf(',', StringComparison.Ordinal) + 1)..];
        var bytes = new byte[data.Length];
        if (!Convert.TryFromBase64String(data, bytes, out var length)) throw new InvalidRequestException("file.data is not base64");
        return bytes.AsSpan(0, length).StartsWith(JpegStart) ? bytes[..length] : throw new InvalidRequestException("file is not a JPEG picture");
    }

    private static Jid GroupOf(string id) => QueryText.ChatId(id.Contains('@', StringComparison.Ordinal) ? id : id + "@g.us", "id") is { IsGroup: true } group
        ? group : throw new InvalidRequestException("id is not the id of a group");
}
