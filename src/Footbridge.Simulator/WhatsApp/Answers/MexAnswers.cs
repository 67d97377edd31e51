using System.Text;
using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;

namespace Footbridge.Simulator.WhatsApp.Answers;

/// <summary>Namespace <c>w:mex</c>: queries named by the number of a stored document; unknown numbers get an error inside the answer.</summary>
internal static class MexAnswers
{
    private const string ReachOutTimelock = "23983697327930364";
    private const string NewChatCapping = "24503548349331633";

    public static Node[] Answer(Node iq, ServerRules rules)
    {
        var answer = iq.Child("query")?["query_id"] switch
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
            _ => new() { ["errors"] = new JsonArray(new JsonObject { ["message"] = "unknown document", ["extensions"] = new JsonObject { ["error_code"] = 404 } }) },
        };
        return [Node.OfBytes("result", Encoding.UTF8.GetBytes(answer.ToJsonString()))];
    }

    private static JsonObject Data(string name, JsonObject value) => new() { ["data"] = new JsonObject { [name] = value } };
}
