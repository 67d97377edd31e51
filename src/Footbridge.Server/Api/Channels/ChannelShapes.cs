using System.Text.Json.Nodes;
using Footbridge.Engine.Channels;
using Footbridge.Engine.Events;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Media;
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
    /// <param name="media">The message's file, from <see cref="MediaLinks"/>; null when it has none or nobody asked for it.</param>
    public static JsonObject Post(ChannelPost post, MessageReceived received, JsonObject? media)
    {
        var message = MessagePayloads.Of(received, media);
        if (message["_data"] is JsonObject data) data["serverId"] = post.ServerId;
        return new()
        {
            ["reactions"] = ChannelPayloads.Reactions(post),
            ["message"] = message,
            ["viewCount"] = post.Views,
        };
    }

    /// <summary>A message as it would have been told when it came, under the same event's id.</summary>
    public static MessageReceived Received(Session live, Jid channel, ChannelPost post)
    {
        var chat = new Party(channel, null, null);
        var sender = post.IsFromMe && WahaIds.ParseChatId(live.Me?.Id ?? "") is { } me ? new(me, me, null) : chat;
        return new($"message:{post.Id}|{sender.Address.User}", post.Time, post.Id, chat, sender, post.IsFromMe, null, post.Content ?? new Message(), false);
    }

    public static string RoleOf(ChannelRole role) => role.ToString().ToUpperInvariant();
}
