using System.Globalization;
using System.Text.Json.Nodes;
using Footbridge.Engine.Messages;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Channels;

/// <summary>Reads channels and their messages from answers and notifications. Source: docs/protocol/channels.md.</summary>
internal static class ChannelParser
{
    /// <exception cref="ProtocolException">It is no channel.</exception>
    public static ChannelInfo Channel(JsonNode? node)
    {
        // Some answers have the channel in a field of its own.
        var json = (node as JsonObject)?["result"] as JsonObject ?? node as JsonObject ?? throw new ProtocolException("an answer without a channel");
        if (!Jid.TryParse(Text(json["id"]), out var id) || id.Server != JidServer.Newsletter || id.User.Length == 0) throw new ProtocolException("a channel without its id");
        var thread = json["thread_metadata"] as JsonObject ?? [];
        var viewer = json["viewer_metadata"] as JsonObject;
        return new(
            id, Text(Part(thread["name"], "text")) ?? "", Filled(thread["invite"]), RoleOf(Text(viewer?["role"])), Filled(Part(thread["description"], "text")),
            Text(thread["verification"]) == "VERIFIED", Number(thread["subscribers_count"]), Filled(Part(thread["picture"], "direct_path")) ?? Filled(Part(thread["image"], "direct_path")),
            Filled(Part(thread["preview"], "direct_path")), MutedIn(viewer));
    }

    /// <summary>All that can be read of a list: one channel of an unknown form does not hide the others.</summary>
    public static IReadOnlyList<ChannelInfo> Channels(JsonNode? list)
    {
        var channels = new List<ChannelInfo>();
        foreach (var item in list as JsonArray ?? throw new ProtocolException("an answer without a list of channels"))
        {
            if (item is JsonObject json && Jid.TryParse(Text(json["id"]), out var id) && id.Server == JidServer.Newsletter && id.User.Length > 0) channels.Add(Channel(json));
        }

        return channels;
    }

    public static ChannelPage Page(JsonNode? node)
    {
        var json = node as JsonObject ?? throw new ProtocolException("an answer without a list of channels");
        var info = json["page_info"] as JsonObject;
        return new(
            Channels(json["result"]), Filled(Either(info, "startCursor", "start_cursor")), Filled(Either(info, "endCursor", "end_cursor")),
            Text(Either(info, "hasNextPage", "has_next_page")) == "true", Text(Either(info, "hasPreviousPage", "has_previous_page")) == "true");
    }

    public static bool? MutedIn(JsonObject? viewer) => Text(viewer?["mute"]) switch { "ON" => true, "OFF" => false, _ => null };

    /// <summary>The messages of an answer or of a live update, in the order the server has them.</summary>
    public static IReadOnlyList<ChannelPost> Posts(Node? messages) => [.. (messages?.ChildrenOf("message") ?? []).Where(m => m.LongOf("server_id") is > 0).Select(Post)];

    /// <summary>A message's content in clear; null when there is none.</summary>
    /// <exception cref="ProtocolException">It is no message.</exception>
    public static Message? Content(Node message) => message.Child("plaintext")?.ContentBytes is { Length: > 0 } bytes ? Protobuf.Parse(Message.Parser, bytes) : null;

    public static DateTimeOffset TimeOf(Node node, string key = "t") => DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(node.LongOf(key) ?? 0, 0, uint.MaxValue));

    public static string? Text(JsonNode? node) => node is JsonValue value ? value.ToString() : null;

    private static ChannelPost Post(Node message)
    {
        var reactions = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var reaction in message.Child("reactions")?.ChildrenOf("reaction") ?? [])
        {
            if (reaction["code"] is { Length: > 0 } code) reactions[code] = Math.Max(0, reaction.LongOf("count") ?? 0);
        }

        return new(
            message.LongOf("server_id")!.Value, message["id"] ?? "", TimeOf(message), TryContent(message), message["is_sender"] == "true",
            Math.Max(0, message.Child("views_count")?.LongOf("count") ?? 0), reactions);
    }

    /// <summary>One message of a kind that cannot be read does not hide the others.</summary>
    private static Message? TryContent(Node message)
    {
        try
        {
            return Content(message) is { } content ? MessageContent.Unwrap(content) : null;
        }
        catch (ProtocolException)
        {
            return null;
        }
    }

    private static ChannelRole RoleOf(string? role) => role switch { "OWNER" => ChannelRole.Owner, "ADMIN" => ChannelRole.Admin, "SUBSCRIBER" => ChannelRole.Subscriber, _ => ChannelRole.Guest };

    private static JsonNode? Part(JsonNode? node, string name) => (node as JsonObject)?[name];

    private static JsonNode? Either(JsonObject? node, string name, string other) => node?[name] ?? node?[other];

    private static string? Filled(JsonNode? node) => Text(node) is { Length: > 0 } text ? text : null;

    private static long Number(JsonNode? node) => long.TryParse(Text(node), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
