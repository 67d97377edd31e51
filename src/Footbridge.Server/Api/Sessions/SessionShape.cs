using System.Text.Json.Nodes;
using Footbridge.Server.Apps;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Sessions;

/// <summary>A session as the API shows it.</summary>
internal static class SessionShape
{
    public static JsonObject Of(string name, JsonObject config, Session? live, IReadOnlyList<AppRecord>? apps = null)
    {
        var shape = new JsonObject
        {
            ["name"] = name,
            ["status"] = live?.Status ?? SessionStatus.Stopped,
            ["config"] = config.DeepClone(),
            ["me"] = Me(live?.Me),
            ["engine"] = new JsonObject { ["engine"] = "NOWEB" },
            ["presence"] = null,
            ["timestamps"] = new JsonObject { ["activity"] = null },
            ["assignedWorker"] = EnvironmentInfo.WorkerId,
        };
        if (apps is not null) shape["apps"] = new JsonArray([.. apps.Select(app => (JsonNode)app.ToJson())]);
        return shape;
    }

    public static JsonObject? Me(MeInfo? me) =>
        me is null ? null : new() { ["id"] = me.Id, ["lid"] = me.Lid, ["jid"] = me.Jid, ["pushName"] = me.PushName };
}
