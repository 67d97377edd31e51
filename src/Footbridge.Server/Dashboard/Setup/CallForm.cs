using System.Text.Json.Nodes;

namespace Footbridge.Server.Dashboard.Setup;

/// <summary>What becomes of calls of one kind, as a form has it.</summary>
internal sealed class CallForm
{
    public bool Rejects { get; set; } = true;

    public string Message { get; set; } = "";

    public string WaitBeforeDecline { get; set; } = "0";

    public string WaitBeforeResponse { get; set; } = "0";

    public static CallForm Of(JsonNode? rules) => new()
    {
        Rejects = rules?["reject"]?.ToString() is null or "true",
        Message = rules?["message"]?.ToString() ?? "",
        WaitBeforeDecline = rules?["waitBeforeDecline"]?.ToString() ?? "0",
        WaitBeforeResponse = rules?["waitBeforeResponse"]?.ToString() ?? "0",
    };

    public JsonObject ToJson() => new() { ["reject"] = Rejects, ["message"] = Message, ["waitBeforeDecline"] = WaitBeforeDecline.Trim(), ["waitBeforeResponse"] = WaitBeforeResponse.Trim() };
}
