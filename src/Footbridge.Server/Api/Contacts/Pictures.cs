using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Media;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Contacts;

/// <summary>Pictures of people, chats, groups and the account itself. Answers of the last day are given again unless <c>refresh</c> is set.</summary>
internal static class Pictures
{
    private const string PictureNote = "anything but a JPEG of at most 1 MiB needs ffmpeg";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/api/contacts/profile-picture", ContactAsync).WithTags("Contacts");
        api.MapGet("/api/{session}/chats/{chatId}/picture", (string session, string chatId, string? refresh, SessionRegistry sessions, CancellationToken ct) =>
            ChatAsync(session, QueryText.ChatId(chatId, "chatId"), refresh, sessions, ct)).WithTags("Chats");
        api.MapGet("/api/{session}/groups/{id}/picture", (string session, string id, string? refresh, SessionRegistry sessions, CancellationToken ct) =>
            ChatAsync(session, GroupOf(id), refresh, sessions, ct)).WithTags("Groups");
        api.MapPut("/api/{session}/groups/{id}/picture", (string session, string id, RequestBody body, SessionRegistry sessions, OutgoingFiles files, Transcoder transcoder, CancellationToken ct) =>
            SetAsync(session, GroupOf(id), body, sessions, files, transcoder, ct)).WithTags("Groups").WithSummary(PictureNote);
        api.MapDelete("/api/{session}/groups/{id}/picture", (string session, string id, SessionRegistry sessions, CancellationToken ct) =>
            RemoveAsync(session, GroupOf(id), sessions, ct)).WithTags("Groups");
        api.MapPut("/api/{session}/profile/picture", (string session, RequestBody body, SessionRegistry sessions, OutgoingFiles files, Transcoder transcoder, CancellationToken ct) =>
            SetAsync(session, null, body, sessions, files, transcoder, ct)).WithTags("Profile").WithSummary(PictureNote);
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

    private static async Task<JsonObject> SetAsync(
        string session, Jid? group, RequestBody body, SessionRegistry sessions, OutgoingFiles files, Transcoder transcoder, CancellationToken ct)
    {
        using var file = await files.OpenAsync(Body.Object(body.Json, "file") ?? throw new InvalidRequestException("file should not be empty"), ct);
        var jpeg = await transcoder.ToPictureAsync(file, ct);
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

    private static Jid GroupOf(string id) => QueryText.ChatId(id.Contains('@', StringComparison.Ordinal) ? id : id + "@g.us", "id") is { IsGroup: true } group
        ? group : throw new InvalidRequestException("id is not the id of a group");
}
