using System.Text.Json.Nodes;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Webhooks;

namespace Footbridge.Server.Sessions;

/// <summary>What a session's configuration says to those who look at every event.</summary>
/// <param name="Metadata">Copied into each event; null when there is none.</param>
internal sealed record SessionProfile(JsonObject? Metadata, IReadOnlyList<Webhook> Webhooks, IgnoreRules Ignore)
{
    public static SessionProfile Empty { get; } = new(null, [], new(null));

    public static SessionProfile Of(JsonObject config) =>
        new(config["metadata"] as JsonObject, WebhookConfig.Read(config["webhooks"] as JsonArray), new(config["ignore"] as JsonObject));
}

/// <summary>The stored configurations of all sessions, read once and kept at hand.</summary>
internal sealed class SessionProfiles(SqliteDatabase database)
{
    private readonly Lock _gate = new();
    private volatile Dictionary<string, SessionProfile>? _profiles;

    /// <summary>An empty profile for a session that is not stored.</summary>
    public SessionProfile Of(string session) => (_profiles ?? Reload()).GetValueOrDefault(session, SessionProfile.Empty);

    /// <summary>Reads them again, after one was stored or deleted.</summary>
    public Dictionary<string, SessionProfile> Reload()
    {
        // In turn: of two changes at once the later one's reading must be what stays.
        lock (_gate)
        {
            var rows = database.Read(c => c.Query("SELECT name, config FROM sessions", row => (Name: row.GetString(0), Config: row.GetString(1))));
            return _profiles = rows.ToDictionary(row => row.Name, row => SessionProfile.Of(JsonNode.Parse(row.Config)!.AsObject()), StringComparer.Ordinal);
        }
    }
}
