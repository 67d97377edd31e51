using System.Text.Json.Nodes;
using Footbridge.Engine.Channels;
using Footbridge.Server.Api.Chatting;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Channels;

/// <summary>The public directory of channels, and the words by which a search of it is narrowed down.</summary>
internal static class SearchChannels
{
    private const int UsualLimit = 50;
    private const int MaxLimit = 100;

    private static readonly (string Value, string Name)[] Views = [("RECOMMENDED", "Recommended"), ("TRENDING", "Trending"), ("POPULAR", "Popular"), ("NEW", "New")];

    private static readonly (string Value, string Name)[] Categories =
    [
        ("BUSINESS", "Business"), ("ENTERTAINMENT", "Entertainment"), ("LIFESTYLE", "Lifestyle"), ("NEWS", "News & Information"), ("ORGANIZATIONS", "Organizations"), ("PEOPLE", "People"), ("SPORTS", "Sports"),
    ];

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/api/{session}/channels/search/by-view", ByViewAsync).WithTags("Channels");
        api.MapPost("/api/{session}/channels/search/by-text", ByTextAsync).WithTags("Channels");
        api.MapGet("/api/{session}/channels/search/views", () => List(Views, "value")).WithTags("Channels");
        api.MapGet("/api/{session}/channels/search/countries", () => List(Countries.All, "code")).WithTags("Channels");
        api.MapGet("/api/{session}/channels/search/categories", () => List(Categories, "value")).WithTags("Channels");
    }

    private static async Task<IResult> ByViewAsync(string session, RequestBody body, SessionRegistry sessions, CancellationToken ct)
    {
        var view = Body.Text(body.Json, "view") is { Length: > 0 } given ? Known([given], Views, "view")[0] : "RECOMMENDED";
        var countries = body.Json.ContainsKey("countries") ? Known(SendRequest.Texts(body.Json, "countries"), Countries.All, "countries") : ["US"];
        var search = Search(body.Json);
        return Results.Json(ChannelShapes.Page(await (await sessions.ChannelsAsync(session, ct)).BrowseAsync(view, countries, search, ct)));
    }

    private static async Task<IResult> ByTextAsync(string session, RequestBody body, SessionRegistry sessions, CancellationToken ct)
    {
        var text = Body.RequiredText(body.Json, "text");
        var search = Search(body.Json);
        return Results.Json(ChannelShapes.Page(await (await sessions.ChannelsAsync(session, ct)).SearchAsync(text, search, ct)));
    }

    private static ChannelSearch Search(JsonObject body)
    {
        var limit = body["limit"] is null ? UsualLimit : Body.RequiredNumber(body, "limit");
        if (limit is < 1 or > MaxLimit) throw new InvalidRequestException($"limit must be from 1 to {MaxLimit}");
        return new(Known(SendRequest.Texts(body, "categories"), Categories, "categories"), (int)limit, Body.Text(body, "startCursor") is { Length: > 0 } cursor ? cursor : null);
    }

    private static IReadOnlyList<string> Known(IReadOnlyList<string> values, IReadOnlyList<(string Value, string Name)> known, string field) =>
        values.All(value => known.Any(k => k.Value == value)) ? values : throw new InvalidRequestException($"{field} must be one of the following values: {string.Join(", ", known.Select(k => k.Value))}");

    private static IResult List(IReadOnlyList<(string Value, string Name)> words, string key) =>
        Results.Json(new JsonArray([.. words.Select(word => (JsonNode)new JsonObject { [key] = word.Value, ["name"] = word.Name })]));
}
