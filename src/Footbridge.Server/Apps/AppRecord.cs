using System.Text.Json.Nodes;

namespace Footbridge.Server.Apps;

/// <summary>An app of a session, as stored; the API shows it without its secrets.</summary>
internal sealed record AppRecord(string Id, string Session, string App, bool Enabled, JsonObject Config)
{
    public const string Chatwoot = "chatwoot";
    public const string Calls = "calls";
    public const int MaxIdLength = 64;

    public JsonObject ToJson() => new()
    {
        ["id"] = Id,
        ["session"] = Session,
        ["app"] = App,
        ["enabled"] = Enabled,
        ["config"] = AppSecrets.Masked(Config),
    };
}
