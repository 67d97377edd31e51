using System.Text.Json.Nodes;
using Footbridge.Engine.Channels;
using Footbridge.Engine.Events;
using Footbridge.Server.Media;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Channels;

/// <summary>The account's channels, one channel, and its latest messages.</summary>
internal static class ReadChannels
{
    private const int UsualLimit = 10;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/api/{session}/channels", ListAsync).WithTags("Channels");
        api.MapGet("/api/{session}/channels/{id}", GetAsync).WithTags("Channels").WithSummary("by id, invite code or link");
        api.MapGet("/api/{session}/channels/{id}/messages/preview", PreviewAsync).WithTags("Channels").WithSummary("at most 100; views and reactions that come within the next minutes are told as `engine.event`");
    }

    private static async Task<IResult> ListAsync(string session, HttpRequest request, SessionRegistry sessions, CancellationToken ct)
    {
        var role = QueryFields.Choice(request, "role", "OWNER", "ADMIN", "SUBSCRIBER");
        var channels = await (await sessions.ChannelsAsync(session, ct)).ListAsync(ct);
        return Results.Json(new JsonArray([.. channels.Where(channel => role is null || ChannelShapes.RoleOf(channel.Role) == role).Select(channel => (JsonNode)ChannelShapes.Channel(channel))]));
    }

    private static async Task<IResult> GetAsync(string session, string id, SessionRegistry sessions, CancellationToken ct)
    {
        ChannelCall.Check(id);
        return Results.Json(ChannelShapes.Channel(await ChannelCall.FindAsync(await sessions.ChannelsAsync(session, ct), id, ct)));
    }

    private static async Task<IResult> PreviewAsync(string session, string id, HttpRequest request, SessionRegistry sessions, MediaLinks links, MediaInbox inbox, CancellationToken ct)
    {
        ChannelCall.Check(id);
        var withMedia = QueryFields.Flag(request, "downloadMedia") ?? false;
        var limit = QueryFields.Whole(QueryFields.Number(request, "limit"), UsualLimit)!.Value;
        var live = await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        var channels = live.Client.Channels;
        var channel = (await ChannelCall.FindAsync(channels, id, ct)).Id;
        var posts = limit == 0 ? [] : await channels.MessagesAsync(channel, Math.Min(limit, ChannelsFeature.MaxMessages), null, ct);
        // Who looks at a channel is told how it goes on, as with the phone's app.
        channels.Watch(channel);
        List<(ChannelPost Post, MessageReceived Message)> shown = [.. posts.Select(post => (post, ChannelShapes.Received(live, channel, post)))];
        if (withMedia) await inbox.TakeAsync(session, shown.Select(post => post.Message), ct);
        return Results.Json(new JsonArray([.. shown.Select(of => (JsonNode)ChannelShapes.Post(of.Post, of.Message, withMedia ? links.Describe(session, of.Message) : null))]));
    }
}
