using System.Text.Json.Nodes;
using Footbridge.Engine.Channels;
using Footbridge.Engine.Events;

namespace Footbridge.Server.Sessions.Events;

/// <summary>What becomes of a channel's messages; WAHA has no event of its own for it.</summary>
internal static class ChannelPayloads
{
    private const string Counted = "newsletter.live_updates";

    public static JsonObject Of(ChannelCounted counted) => new()
    {
        ["event"] = Counted,
        ["data"] = new JsonObject
        {
            ["id"] = counted.Channel.ToString(),
            ["messages"] = new JsonArray([.. counted.Posts.Select(post => (JsonNode)new JsonObject { ["id"] = post.Id, ["serverId"] = post.ServerId, ["reactions"] = Reactions(post), ["viewCount"] = post.Views })]),
        },
    };

    /// <summary>How many people reacted, by emoji.</summary>
    public static JsonObject Reactions(ChannelPost post) => new(post.Reactions.Select(reaction => KeyValuePair.Create(reaction.Key, (JsonNode?)reaction.Value)));
}
