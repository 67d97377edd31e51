using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.State;

namespace Footbridge.Simulator.WhatsApp.Answers;

/// <summary>Channels, asked for and changed: the stored documents about them, and the namespace <c>newsletter</c>.</summary>
internal sealed class ChannelAnswers(ChannelDesk desk)
{
    private const int MaxMessages = 100;
    private const long LiveSeconds = 300;

    /// <summary>The data that a document gives, or null when its number is not one about channels.</summary>
    /// <exception cref="ChannelRefusal">It is, and may not be done.</exception>
    public JsonObject? Answer(SimDevice device, string number, JsonObject variables)
    {
        var me = device.Account;
        switch (number)
        {
            case "27456920720571478" or "6563316087068696":
                return Data("xwa2_newsletter", Asked(variables["input"]).Describe(me));
            case "25399611239711790" or "6388546374527196":
                return Data("xwa2_newsletter_subscribed", List(me, desk.All.Where(channel => channel.IsFollowedBy(me))));
            case "25149874324715067" or "8823471724422422" or "6234210096708695":
                return Data("xwa2_newsletter_create", Create(me, variables["input"] ?? variables["newsletter_input"]).Describe(me));
            case "24250201037901610" or "7150902998257522":
                desk.Update(device, Named(variables), variables["updates"] as JsonObject ?? throw Bad());
                return Data("xwa2_newsletter_update", Named(variables).Describe(me));
            case "30062808666639665":
                desk.Delete(me, Named(variables));
                return Data("xwa2_newsletter_delete_v2", Only(variables));
            case "24404358912487870" or "9926858900719341":
                desk.SetFollowed(device, Named(variables), true);
                return Data("xwa2_newsletter_join_v2", Only(variables));
            case "9767147403369991" or "6392786840836363":
                desk.SetFollowed(device, Named(variables), false);
                return Data("xwa2_newsletter_leave_v2", Only(variables));
            case "31938993655691868" when variables["input"] is JsonObject input:
                desk.SetMuted(device, Named(input), input["value"]?.ToString() == "ON");
                return Data("xwa2_newsletter_update_user_setting", Only(input));
            case "29766401636284406" or "6274038279359549":
                desk.SetMuted(device, Named(variables), true);
                return Data("xwa2_newsletter_mute_v2", Only(variables));
            case "9864994326891137" or "6068417879924485":
                desk.SetMuted(device, Named(variables), false);
                return Data("xwa2_newsletter_unmute_v2", Only(variables));
            case "26301059626252132" or "6802402206520139" when variables["input"] is JsonObject input:
                var text = input["search_text"]?.ToString() ?? throw Bad();
                return Data("xwa2_newsletters_directory_search", Page(me, input, desk.All.Where(channel => channel.Name.Contains(text, StringComparison.OrdinalIgnoreCase))));
            case "26125047313831973" or "6190824427689257" when variables["input"] is JsonObject input:
                return Data("xwa2_newsletters_directory_list", Page(me, input, desk.All));
            default:
                return null;
        }
    }

    /// <summary>An iq of namespace <c>newsletter</c>.</summary>
    public Node[] Answer(SimDevice device, Node iq)
    {
        if (iq.Child("messages") is { } asked)
        {
            var channel = asked["type"] == "invite" ? desk.GetByCode(asked["key"] ?? "") : desk.Get(asked.JidOf("jid") ?? throw Bad());
            return [Node.Of("messages", [("jid", channel.Jid), ("t", 0)], channel.Describe(device.Account, Count(asked), asked.LongOf("before")))];
        }

        var of = desk.Get(iq.JidOf("to") ?? throw Bad());
        if (iq.Child("live_updates") is not null)
        {
            desk.Watch(device, of);
            return [Node.Of("live_updates", [("duration", LiveSeconds)])];
        }

        return iq.Child("message_updates") is { } updates ? [Node.Of("message_updates", Node.Of("messages", of.Describe(device.Account, Count(updates), null)))] : throw Bad();
    }

    private SimChannel Asked(JsonNode? input) => input?["type"]?.ToString() switch
    {
        "JID" => desk.Get(Jid.Parse(input["key"]!.ToString())),
        "INVITE" => desk.GetByCode(input["key"]!.ToString()),
        _ => throw Bad(),
    };

    private SimChannel Create(SimAccount me, JsonNode? input) => desk.Create(
        me, input?["name"]?.ToString() ?? throw Bad(), input["description"]?.ToString(), input["picture"] is { } picture ? Convert.FromBase64String(picture.ToString()) : null);

    /// <summary>The cursor is the number of channels before.</summary>
    private static JsonObject Page(SimAccount me, JsonObject input, IEnumerable<SimChannel> found)
    {
        var all = found.ToList();
        var limit = input["limit"]?.GetValue<int>() ?? 20;
        var start = int.TryParse(input["start_cursor"]?.ToString(), out var cursor) ? cursor : 0;
        var hasNext = start + limit < all.Count;
        var info = new JsonObject { ["startCursor"] = $"{start}", ["endCursor"] = hasNext ? $"{start + limit}" : null, ["hasNextPage"] = hasNext, ["hasPreviousPage"] = start > 0 };
        return new() { ["page_info"] = info, ["result"] = List(me, all.Skip(start).Take(limit)) };
    }

    private SimChannel Named(JsonObject variables) => desk.Get(Jid.Parse(variables["newsletter_id"]?.ToString() ?? throw Bad()));

    private static int Count(Node asked) => (int)Math.Clamp(asked.LongOf("count") ?? MaxMessages, 1, MaxMessages);

    private static JsonArray List(SimAccount me, IEnumerable<SimChannel> channels) => [.. channels.Select(channel => (JsonNode)channel.Describe(me))];

    private static JsonObject Only(JsonObject variables) => new() { ["id"] = variables["newsletter_id"]!.ToString(), ["state"] = new JsonObject { ["type"] = "ACTIVE" } };

    private static JsonObject Data(string name, JsonNode value) => new() { ["data"] = new JsonObject { [name] = value } };

    private static ChannelRefusal Bad() => new(400, "bad-request");
}
