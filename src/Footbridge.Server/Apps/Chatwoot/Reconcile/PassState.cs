using Footbridge.Jobs.Sqlite;

namespace Footbridge.Server.Apps.Chatwoot.Reconcile;

/// <summary>How far the comparison with an app's Chatwoot has come, in the database. Times are Unix seconds.</summary>
internal sealed class PassState(SqliteDatabase database, TimeProvider time)
{
    /// <summary>What is older than the app is none of its business.</summary>
    /// <returns>From when on messages count, and the newest activity that the last complete pass saw.</returns>
    public (long Since, long Complete)? Of(string app) => database.Read(c => c.QueryFirst<(long, long)?>(
        "SELECT since, complete FROM chatwoot_passes WHERE app = ?1", row => (row.GetInt64(0), row.GetInt64(1)), app));

    /// <summary>The app is new, or has moved to another inbox: nothing before now counts.</summary>
    public Task BeginAsync(string app, CancellationToken ct)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        return database.WriteAsync(c =>
        {
            c.Execute("INSERT INTO chatwoot_passes(app, since, complete) VALUES(?1, ?2, ?2) ON CONFLICT DO UPDATE SET since = ?2, complete = ?2", app, now);
            c.Execute("DELETE FROM chatwoot_checked WHERE app = ?1", app);
        }, ct);
    }

    public Task ForgetAsync(string app, CancellationToken ct) => database.WriteAsync(c =>
    {
        c.Execute("DELETE FROM chatwoot_passes WHERE app = ?1", app);
        c.Execute("DELETE FROM chatwoot_checked WHERE app = ?1", app);
    }, ct);

    public Task CompleteAsync(string app, long newest, CancellationToken ct) =>
        database.WriteAsync(c => c.Execute("UPDATE chatwoot_passes SET complete = MAX(complete, ?2) WHERE app = ?1", app, newest), ct);

    /// <summary>The last message of a conversation that was checked, or null.</summary>
    public long? Checked(string app, long conversation) => database.Read(c => c.QueryFirst<long?>(
        "SELECT cw_id FROM chatwoot_checked WHERE app = ?1 AND conversation = ?2", row => row.GetInt64(0), app, conversation));

    public Task CheckedAsync(string app, long conversation, long cwId, CancellationToken ct) => database.WriteAsync(c => c.Execute(
        "INSERT INTO chatwoot_checked(app, conversation, cw_id) VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE SET cw_id = MAX(cw_id, ?3)", app, conversation, cwId), ct);
}
