using System.Text.Json.Nodes;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Config;
using Footbridge.Server.Media;

namespace Footbridge.Server.Sessions;

/// <summary>The stored sessions: their configurations, and which of them are to run.</summary>
internal sealed class SessionTable(SqliteDatabase database, SessionProfiles profiles, Settings settings, TimeProvider time)
{
    /// <summary>A session's stored configuration, or null when there is no such session.</summary>
    public JsonObject? FindConfig(string name) =>
        database.Read(c => c.QueryFirst("SELECT config FROM sessions WHERE name = ?1", row => row.GetString(0), name)) is { } text ? JsonNode.Parse(text)!.AsObject() : null;

    public IReadOnlyList<(string Name, JsonObject Config)> List() =>
        [.. database.Read(c => c.Query("SELECT name, config FROM sessions ORDER BY name", row => (row.GetString(0), row.GetString(1))))
            .Select(row => (row.Item1, JsonNode.Parse(row.Item2)!.AsObject()))];

    /// <summary>False when the name is taken.</summary>
    public async Task<bool> AddAsync(string name, JsonObject config, CancellationToken ct)
    {
        var added = await database.WriteAsync(c => c.Execute(
            "INSERT INTO sessions(name, config, wanted, created) VALUES(?1, ?2, 0, ?3) ON CONFLICT DO NOTHING",
            name, config.ToJsonString(), time.GetUtcNow().ToUnixTimeMilliseconds()), ct);
        profiles.Reload();
        return added > 0;
    }

    public async Task UpdateAsync(string name, JsonObject config, CancellationToken ct)
    {
        await database.WriteAsync(c => c.Execute("UPDATE sessions SET config = ?2 WHERE name = ?1", name, config.ToJsonString()), ct);
        profiles.Reload();
    }

    /// <summary>Whether a session is to run again after a restart of the process.</summary>
    public Task WantAsync(string name, bool wanted, CancellationToken ct) =>
        database.WriteAsync(c => c.Execute("UPDATE sessions SET wanted = ?2 WHERE name = ?1", name, wanted ? 1 : 0), ct);

    /// <summary>Forgets a session with its apps and the files of its messages.</summary>
    public async Task DeleteAsync(string name, CancellationToken ct)
    {
        await database.WriteAsync(c => c.Execute("DELETE FROM sessions WHERE name = ?1", name), ct);
        await database.WriteAsync(c => c.Execute("DELETE FROM apps WHERE session = ?1", name), ct);
        await database.WriteAsync(c => MediaFileTable.DeleteAll(c, name), ct);
        profiles.Reload();
    }

    /// <summary>What is to run at boot: what ran when the process ended, all when so set, and the named ones, which need not be stored.</summary>
    public IEnumerable<string> NamesToRestore()
    {
        var stored = database.Read(c => c.Query("SELECT name, wanted FROM sessions ORDER BY name", row => (Name: row.GetString(0), IsWanted: row.GetInt64(1) == 1)));
        var running = stored.Where(s => settings.Sessions.RestoresRunning && s.IsWanted).Select(s => s.Name);
        var all = stored.Where(_ => settings.Sessions.RestoresAll).Select(s => s.Name);
        return running.Concat(all).Concat(settings.Sessions.StartedAtBoot).Distinct(StringComparer.Ordinal);
    }

    /// <summary>How many sessions were made before one.</summary>
    public int OlderThan(string name) => (int)database.Read(c => c.QueryFirst(
        "SELECT count(*) FROM sessions s, sessions o WHERE s.name = ?1 AND (o.created < s.created OR (o.created = s.created AND o.name < s.name))", row => row.GetInt64(0), name));
}
