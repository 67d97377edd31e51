using System.Text.Json.Nodes;
using Footbridge.Server.Apps;
using Footbridge.Server.Apps.Chatwoot.Setup;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Apps;

/// <summary>List, create, read, replace and delete apps.</summary>
internal static class AppEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/api/apps", List).WithTags("Apps");
        api.MapPost("/api/apps", CreateAsync).WithTags("Apps").WithSummary("types `chatwoot` and `calls`; for `chatwoot` `url` and `accountToken` are enough");
        api.MapGet("/api/apps/chatwoot/locales", ListLocales).WithTags("Apps");
        api.MapGet("/api/apps/{id}", Get).WithTags("Apps");
        api.MapPut("/api/apps/{id}", ReplaceAsync).WithTags("Apps");
        api.MapDelete("/api/apps/{id}", DeleteAsync).WithTags("Apps");
    }

    private static JsonArray List(string? session, AppRegistry apps)
    {
        if (string.IsNullOrEmpty(session)) throw new InvalidRequestException("session should not be empty");
        return [.. apps.Of(session).Select(app => app.ToJson())];
    }

    /// <summary>The languages an app can speak.</summary>
    private static JsonArray ListLocales(Locales locales) => [.. locales.All.Select(locale => new JsonObject { ["name"] = locale.Name, ["locale"] = locale.Code })];

    private static JsonObject Get(string id, AppRegistry apps) => Require(id, apps).ToJson();

    private static async Task<IResult> CreateAsync(RequestBody body, AppRegistry apps, Onboarding onboarding, SessionRegistry sessions, Locales locales, CancellationToken ct)
    {
        if (Onboarding.IsFor(body.Json)) return await ConnectAsync(AppRequest.ReadDraft(body.Json, locales), onboarding, sessions, ct);
        var app = AppRequest.Read(body.Json, null, null, locales, former: null);
        if (sessions.FindConfig(app.Session) is null) throw new SessionNotFoundException();
        await apps.CreateAsync(app, ct);
        return Results.Json(app.ToJson(), statusCode: 201);
    }

    /// <summary>By address and token alone: the answer has the app as it was made, and the steps that led there.</summary>
    private static async Task<IResult> ConnectAsync(AppRecord draft, Onboarding onboarding, SessionRegistry sessions, CancellationToken ct)
    {
        if (sessions.FindConfig(draft.Session) is null) throw new SessionNotFoundException();
        var (app, report) = await onboarding.ConnectAsync(draft, ct);
        var answer = app.ToJson();
        answer["setup"] = report.ToJson();
        return Results.Json(answer, statusCode: 201);
    }

    private static async Task<JsonObject> ReplaceAsync(string id, RequestBody body, AppRegistry apps, SessionRegistry sessions, Locales locales, CancellationToken ct)
    {
        var app = AppRequest.Read(body.Json, null, id, locales, apps.Find(id));
        if (app.Id != id) throw new SessionNotFoundException("App not found");
        if (sessions.FindConfig(app.Session) is null) throw new SessionNotFoundException();
        return (await apps.UpsertAsync(app, ct)).ToJson();
    }

    private static async Task<IResult> DeleteAsync(string id, AppRegistry apps, CancellationToken ct)
    {
        Require(id, apps);
        await apps.DeleteAsync(id, ct);
        return Results.Ok();
    }

    private static AppRecord Require(string id, AppRegistry apps) => apps.Find(id) ?? throw new SessionNotFoundException("App not found");
}
