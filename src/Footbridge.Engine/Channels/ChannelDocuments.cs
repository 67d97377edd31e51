using System.Text.Json.Nodes;
using Footbridge.Engine.Connection;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Channels;

/// <summary>The stored GraphQL documents about channels, each in the versions that clients use, newest first. Source: docs/protocol/channels.md.</summary>
internal static class ChannelDocuments
{
    private const string Found = "xwa2_newsletter";
    private const string Updated = "xwa2_newsletter_update";

    /// <param name="type"><c>JID</c> or <c>INVITE</c>: what <paramref name="key"/> is.</param>
    public static IReadOnlyList<MexDocument> Fetch(string type, string key)
    {
        JsonObject Variables(bool isNew)
        {
            var variables = new JsonObject
            {
                ["fetch_creation_time"] = true,
                ["fetch_full_image"] = true,
                ["fetch_viewer_metadata"] = true,
                ["input"] = new JsonObject { ["key"] = key, ["type"] = type },
            };
            if (isNew) (variables["fetch_pinned_messages"], variables["fetch_status_metadata"], variables["fetch_wamo_sub"]) = (false, false, false);
            return variables;
        }

        return [new("27456920720571478", Variables(true), Found), new("6563316087068696", Variables(false), Found)];
    }

    public static IReadOnlyList<MexDocument> ListFollowed() =>
    [
        new("25399611239711790", new() { ["fetch_status_metadata"] = false, ["fetch_wamo_sub"] = false }, "xwa2_newsletter_subscribed"),
        new("6388546374527196", [], "xwa2_newsletter_subscribed"),
    ];

    /// <param name="picture">A JPEG in base64, or null.</param>
    public static IReadOnlyList<MexDocument> Create(string name, string? description, string? picture)
    {
        JsonObject Input()
        {
            var input = new JsonObject { ["name"] = name, ["description"] = description };
            if (picture is not null) input["picture"] = picture;
            return input;
        }

        const string Path = "xwa2_newsletter_create";
        return
        [
            new("25149874324715067", new() { ["input"] = Input() }, Path),
            new("8823471724422422", new() { ["input"] = Input() }, Path),
            new("6234210096708695", new() { ["newsletter_input"] = Input() }, Path),
        ];
    }

    /// <param name="updates">Only what changes: <c>name</c>, <c>description</c>, <c>picture</c>.</param>
    public static IReadOnlyList<MexDocument> Update(Jid channel, JsonObject updates)
    {
        updates["settings"] = null;
        var variables = new JsonObject { ["newsletter_id"] = channel.ToString(), ["updates"] = updates };
        return [new("24250201037901610", variables, Updated), new("7150902998257522", variables, Updated)];
    }

    public static IReadOnlyList<MexDocument> Delete(Jid channel) => [new("30062808666639665", Only(channel), "xwa2_newsletter_delete_v2")];

    public static IReadOnlyList<MexDocument> Follow(Jid channel) =>
        [new("24404358912487870", Only(channel), "xwa2_newsletter_join_v2"), new("9926858900719341", Only(channel), "xwa2_newsletter_join_v2")];

    public static IReadOnlyList<MexDocument> Unfollow(Jid channel) =>
        [new("9767147403369991", Only(channel), "xwa2_newsletter_leave_v2"), new("6392786840836363", Only(channel), "xwa2_newsletter_leave_v2")];

    /// <summary>What the newest document switches by a value has a document for either direction in the older ones.</summary>
    public static IReadOnlyList<MexDocument> SetMuted(Jid channel, bool isMuted)
    {
        var setting = new JsonObject { ["input"] = new JsonObject { ["newsletter_id"] = channel.ToString(), ["type"] = "MUTE_ADMIN_ACTIVITY", ["value"] = isMuted ? "ON" : "OFF" } };
        var path = isMuted ? "xwa2_newsletter_mute_v2" : "xwa2_newsletter_unmute_v2";
        return
        [
            new("31938993655691868", setting, "xwa2_newsletter_update_user_setting"),
            new(isMuted ? "29766401636284406" : "9864994326891137", Only(channel), path),
            new(isMuted ? "6274038279359549" : "6068417879924485", Only(channel), path),
        ];
    }

    public static IReadOnlyList<MexDocument> SearchText(string text, ChannelSearch search)
    {
        var input = Input(search);
        (input["search_text"], input["categories"]) = (text, Names(search.Categories));
        return Directory(input, "xwa2_newsletters_directory_search", "26301059626252132", "6802402206520139");
    }

    /// <param name="view">Such as <c>RECOMMENDED</c>.</param>
    /// <param name="countries">ISO codes of two letters.</param>
    public static IReadOnlyList<MexDocument> ListView(string view, IReadOnlyList<string> countries, ChannelSearch search)
    {
        var input = Input(search);
        (input["view"], input["filters"]) = (view, new JsonObject { ["country_codes"] = Names(countries), ["categories"] = Names(search.Categories) });
        return Directory(input, "xwa2_newsletters_directory_list", "26125047313831973", "6190824427689257");
    }

    private static IReadOnlyList<MexDocument> Directory(JsonObject input, string path, string newest, string older) =>
    [
        new(newest, new() { ["fetch_status_metadata"] = false, ["input"] = input.DeepClone() }, path),
        new(older, new() { ["input"] = input }, path),
    ];

    private static JsonObject Input(ChannelSearch search)
    {
        var input = new JsonObject { ["limit"] = search.Limit };
        if (search.StartCursor is { } cursor) input["start_cursor"] = cursor;
        return input;
    }

    private static JsonArray Names(IReadOnlyList<string> names) => [.. names.Select(name => (JsonNode)name)];

    private static JsonObject Only(Jid channel) => new() { ["newsletter_id"] = channel.ToString() };
}
