using System.Text.Json.Nodes;
using Footbridge.Server.Api;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps;

/// <summary>Reads and checks an app from a request body.</summary>
internal static class AppRequest
{
    /// <exception cref="InvalidRequestException">A field is missing or wrong.</exception>
    /// <exception cref="RuleException">What it asks for is not there: the type of app, or the language.</exception>
    public static AppRecord Read(JsonObject body, string? session, string? id, Locales locales)
    {
        id = Body.Text(body, "id") is { Length: > 0 } given ? given : id ?? "app_" + WahaIds.NewUlid();
        if (id.Length > AppRecord.MaxIdLength) throw new InvalidRequestException($"id must be shorter than or equal to {AppRecord.MaxIdLength} characters");
        var type = Body.RequiredText(body, "app");
        if (type != AppRecord.Chatwoot) throw new RuleException($"App '{type}' is not available");
        var config = Body.Object(body, "config") ?? throw new InvalidRequestException("config must be an object");
        locales.Check(ChatwootConfig.Read(config));
        if (session is null && Body.RequiredText(body, "session").Length > AppRecord.MaxIdLength) throw new InvalidRequestException($"session must be shorter than or equal to {AppRecord.MaxIdLength} characters");
        return new(id, session ?? Body.RequiredText(body, "session"), type, Body.Flag(body, "enabled") ?? true, config);
    }
}
