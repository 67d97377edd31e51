using System.Text.Json.Nodes;
using Footbridge.Server.Api;
using Footbridge.Server.Apps.Calls;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Apps.Chatwoot.Setup;
using Footbridge.Server.Apps.Chatwoot.Setup.Doctoring;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps;

/// <summary>Reads and checks an app from a request body.</summary>
internal static class AppRequest
{
    /// <param name="former">The app as it was, for secrets that the body has masked; another one or null: it is new.</param>
    /// <exception cref="InvalidRequestException">A field is missing or wrong.</exception>
    /// <exception cref="RuleException">What it asks for is not there: the type of app, or the language.</exception>
    public static AppRecord Read(JsonObject body, string? session, string? id, Locales locales, AppRecord? former)
    {
        var app = ReadFrame(body, session, Body.Text(body, "id") is { Length: > 0 } given ? given : id ?? NewId());
        AppSecrets.Restore(app.Config, former?.Id == app.Id ? former.Config : null);
        if (app.App == AppRecord.Calls) CallsConfig.Read(app.Config);
        else Check(app.Config, locales);
        return app;
    }

    /// <summary>An app of which only Chatwoot's address and a token are given; without an id it has none yet.</summary>
    public static AppRecord ReadDraft(JsonObject body, Locales locales)
    {
        var draft = ReadFrame(body, null, Body.Text(body, "id") ?? "");
        if (draft.App != AppRecord.Chatwoot) throw new InvalidRequestException("only an app of the type chatwoot has a url and a token");
        Check(Onboarding.Filled(draft.Config), locales);
        return draft;
    }

    private static void Check(JsonObject config, Locales locales)
    {
        locales.Check(ChatwootConfig.Read(config));
        DriftPolicy.Check(config);
    }

    public static string NewId() => "app_" + WahaIds.NewUlid();

    private static AppRecord ReadFrame(JsonObject body, string? session, string id)
    {
        if (id.Length > AppRecord.MaxIdLength) throw new InvalidRequestException($"id must be shorter than or equal to {AppRecord.MaxIdLength} characters");
        var type = Body.RequiredText(body, "app");
        if (type is not (AppRecord.Chatwoot or AppRecord.Calls)) throw new RuleException($"App '{type}' is not available");
        var config = Body.Object(body, "config") ?? throw new InvalidRequestException("config must be an object");
        session ??= Body.RequiredText(body, "session");
        if (session.Length > AppRecord.MaxIdLength) throw new InvalidRequestException($"session must be shorter than or equal to {AppRecord.MaxIdLength} characters");
        return new(id, session, type, Body.Flag(body, "enabled") ?? true, config);
    }
}
