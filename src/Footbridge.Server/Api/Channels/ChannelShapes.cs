using System.Text.Json.Nodes;
using Footbridge.Engine.Channels;
using Footbridge.Engine.Events;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;

namespace Footbridge.Server.Api.Channels;

/// <summary>Channels and their messages in WAHA's shapes.</summary>
internal static class ChannelShapes
{
    private const string LinkPrefix = "https://www.whatsapp.com/channel/";
    private const string PictureHost = "https://mmg.whatsapp.net";

    /// <summary>WAHA's <c>Channel</c>.</summary>
    public static JsonObject Channel(ChannelInfo channel)
    {
        var shape = Public(channel);
        shape["role"] = RoleOf(channel.Role);
        return shape;
    }

    /// <summary>WAHA's <c>ChannelPublicInfo</c>: a channel as the directory shows it.</summary>
    public static JsonObject Public(ChannelInfo channel)
    {
        var shape = new JsonObject { ["id"] = channel.Id.ToString(), ["name"] = channel.Name, ["invite"] = channel.InviteCode is { } code ? LinkPrefix + code : "" };
        if (channel.Preview is { } preview) shape["preview"] = PictureHost + preview;
        if (channel.Picture is { } picture) shape["picture"] = PictureHost + picture;
        if (channel.Description is { } description) shape["description"] = description;
        shape["verified"] = channel.IsVerified;
        shape["subscribersCount"] = channel.Subscribers;
        return shape;
    }

    public static JsonObject Page(ChannelPage page) => new()
    {
        ["page"] = new JsonObject { ["startCursor"] = page.StartCursor, ["endCursor"] = page.EndCursor, ["hasNextPage"] = page.HasNext, ["hasPreviousPage"] = page.HasPrevious },
        ["channels"] = new JsonArray([.. page.Channels.Select(channel => (JsonNode)Public(channel))]),
    };

    /// <summary>WAHA's <c>ChannelMessage</c>; the number by which reactions name it stands in <c>message._data.serverId</c>.</summary>
    public static JsonObject Post(Session live, Jid channel, ChannelPost post)
    {
        var chat = new Party(channel, null, null);
        var sender = post.IsFromMe && WahaIds.ParseChatId(live.Me?.Id ?? "") is { } me ? new(me, me, null) : chat;
        var message = MessagePayloads.Of(new MessageReceived($"channel:{channel.User}:{post.ServerId}", post.Time, post.Id, chat, sender, post.IsFromMe, null, post.Content ?? new Message(), false), null);
        if (message["_data"] is JsonObject data) data["serverId"] = post.ServerId;
        return new()
        {
            ["reactions"] = new JsonObject(post.Reactions.Select(reaction => KeyValuePair.Create(reaction.Key, (JsonNode?)reaction.Value))),
            ["message"] = message,
            ["viewCount"] = post.Views,
        };
    }

    public static string RoleOf(ChannelRole role) => role.ToString().ToUpperInvariant();
}
