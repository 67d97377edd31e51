using System.Text;
using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.State;

namespace Footbridge.Simulator.WhatsApp.Answers;

/// <summary>Namespace <c>w:mex</c>: queries named by the number of a stored document; unknown numbers get an error inside the answer.</summary>
internal static class MexAnswers
{
    private const string ReachOutTimelock = "23983697327930364";
    private const string NewChatCapping = "24503548349331633";

    public static Node[] Answer(SimDevice device, Node iq, ServerRules rules, ChannelAnswers channels)
    {
        var number = iq.Child("query")?["query_id"] ?? "";
        var answer = rules.KnowsDocument?.Invoke(number) == false ? Error(404, "unknown document") : Own(number, rules) ?? AboutChannels(device, iq, number, channels);
        return [Node.OfBytes("result", Encoding.UTF8.GetBytes(answer.ToJsonString()))];
    }

    private static JsonObject AboutChannels(SimDevice device, Node iq, string number, ChannelAnswers channels)
    {
        try
        {
            var asked = JsonNode.Parse(iq.Child("query")?.ContentBytes ?? [])?["variables"] as JsonObject ?? [];
            return channels.Answer(device, number, asked) ?? Error(404, "unknown document");
        }
        catch (ChannelRefusal e)
        {
            return Error(e.Code, e.Message);
        }
    }

    private static JsonObject? Own(string number, ServerRules rules) => number switch
    {
        ReachOutTimelock => Data("xwa2_fetch_account_reachout_timelock", new()
        {
            ["is_active"] = rules.ReachOutEnds is not null,
            ["time_enforcement_ends"] = rules.ReachOutEnds?.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["enforcement_type"] = "DEFAULT",
        }),
        NewChatCapping => Data("xwa2_message_capping_info", new()
        {
            ["total_quota"] = 5,
            ["used_quota"] = rules.NewChatsEnd is null ? 0 : 5,
            ["cycle_end_timestamp"] = rules.NewChatsEnd?.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["capping_status"] = rules.NewChatsEnd is null ? "NONE" : "CAPPED",
        }),
        _ => null,
    };

    private static JsonObject Error(int code, string text) =>
        new() { ["errors"] = new JsonArray(new JsonObject { ["message"] = text, ["extensions"] = new JsonObject { ["error_code"] = code } }) };

    private static JsonObject Data(string name, JsonObject value) => new() { ["data"] = new JsonObject { [name] = value } };
}
