using System.Text;
using System.Text.Json.Nodes;
using Footbridge.Jobs.Sqlite;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>A callback that was answered and waits for its turn.</summary>
internal sealed record HeldCallback(long Id, string App, JsonObject Body);

/// <summary>Keeps callbacks that wait for those of earlier messages: Chatwoot was told that they are here, so they must be here after a crash too.</summary>
internal sealed class HeldCallbacks(SqliteDatabase database)
{
    /// <summary>Durable when the task completes.</summary>
    public async Task<HeldCallback> AddAsync(string app, long message, JsonObject body, CancellationToken ct)
    {
        var bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        var id = await database.WriteAsync(
            connection => connection.QueryFirst("INSERT INTO held_callbacks(app, message, body) VALUES(?1, ?2, ?3) RETURNING id", row => row.GetInt64(0), app, message, bytes), ct);
        return new(id, app, body);
    }

    public Task RemoveAsync(long id) => database.WriteAsync(connection => connection.Execute("DELETE FROM held_callbacks WHERE id = ?1", id), CancellationToken.None);

    /// <summary>All of them, in the order of their messages.</summary>
    public IReadOnlyList<HeldCallback> All() => database.Read(c => c.Query(
        "SELECT id, app, body FROM held_callbacks ORDER BY app, message, id", row => new HeldCallback(row.GetInt64(0), row.GetString(1), (JsonObject)JsonNode.Parse(row.GetFieldValue<byte[]>(2))!)));
}
