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
            ["engine"] = Engine(live),
            ["presence"] = null,
            ["timestamps"] = new JsonObject { ["activity"] = null },
            ["assignedWorker"] = EnvironmentInfo.WorkerId,
        };
        if (apps is not null) shape["apps"] = new JsonArray([.. apps.Select(app => (JsonNode)app.ToJson())]);
        return shape;
    }

    /// <summary>What shows that the session really is connected, and why it is not; beyond WAHA's own fields.</summary>
    private static JsonObject Engine(Session? live)
    {
        var engine = new JsonObject { ["engine"] = "NOWEB" };
        if (live is null || live.Status == SessionStatus.Stopped) return engine;
        var liveness = live.Client.Liveness;
        engine["liveness"] = new JsonObject
        {
            ["verifiedAt"] = Time(liveness.VerifiedAt),
            ["lastInbound"] = Time(liveness.LastInbound),
            ["lastPong"] = Time(liveness.LastPong),
            ["lastRoundTrip"] = Time(liveness.LastRoundTrip),
            ["lastDecrypted"] = Time(liveness.LastDecrypted),
            ["step"] = liveness.Step.ToString(),
            ["reason"] = liveness.Reason,
            ["restartsLastHour"] = liveness.RestartsLastHour,
        };
        engine["detail"] = live.Detail;
        engine["resumesAt"] = Time(live.ResumesAt);
        return engine;
    }

    private static JsonNode? Time(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    public static JsonObject? Me(MeInfo? me) =>
        me is null ? null : new() { ["id"] = me.Id, ["lid"] = me.Lid, ["jid"] = me.Jid, ["pushName"] = me.PushName };
}
