using System.Text.Json.Nodes;
using Footbridge.Engine.Contacts;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Profile;

/// <summary>How the account shows itself. Its picture is in the file of all pictures.</summary>
internal static class ProfileEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/api/{session}/profile", GetAsync).WithTags("Profile");
        api.MapPut("/api/{session}/profile/name", NameAsync).WithTags("Profile");
        api.MapPut("/api/{session}/profile/status", AboutAsync).WithTags("Profile");
    }

    private static async Task<JsonObject> GetAsync(string session, SessionRegistry sessions, CancellationToken ct)
    {
        var live = await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        var me = live.Client.Contacts.Profile.Account;
        var picture = await live.Client.Contacts.Pictures.FindAsync(me.Phone, isPreview: false, refresh: false, ct);
        return new() { ["id"] = WahaIds.ChatId(me.Phone), ["picture"] = picture?.Url.ToString(), ["name"] = me.PushName ?? "" };
    }

    private static async Task<JsonObject> NameAsync(string session, RequestBody body, SessionRegistry sessions, CancellationToken ct)
    {
        var name = Body.RequiredText(body.Json, "name");
        if (name.Length > OwnProfile.MaxNameLength) throw new InvalidRequestException($"name must be shorter than or equal to {OwnProfile.MaxNameLength} characters");
        var live = await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        await live.Client.Contacts.Profile.SetNameAsync(name, ct);
        return new() { ["success"] = true };
    }

    private static async Task<JsonObject> AboutAsync(string session, RequestBody body, SessionRegistry sessions, CancellationToken ct)
    {
        var text = Body.Text(body.Json, "status") ?? throw new InvalidRequestException("status must be a string");
        if (text.Length > OwnProfile.MaxAboutLength) throw new InvalidRequestException($"status must be shorter than or equal to {OwnProfile.MaxAboutLength} characters");
        var live = await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        await live.Client.Contacts.Profile.SetAboutAsync(text, ct);
        return new() { ["success"] = true };
    }
}
