using Footbridge.Jobs.Sqlite;

namespace Footbridge.Server.Apps.Chatwoot.State;

/// <summary>In the database of this process.</summary>
internal sealed class LocalPullState(SqliteDatabase database) : IPullState
{
    public ValueTask<PullRow?> FindAsync(string app, string kind, CancellationToken ct) => new(database.Read(c => c.QueryFirst(
        "SELECT id, state, plan, progress, started FROM chatwoot_pulls WHERE app = ?1 AND kind = ?2",
        row => new PullRow(row.GetString(0), (PullState)row.GetInt32(1), row.GetString(2), row.GetString(3), row.GetInt64(4)), app, kind)));

    public Task<bool> BeginAsync(string app, string kind, PullRow row, CancellationToken ct) => database.WriteAsync(
        c =>
        {
            c.Execute(
                "INSERT INTO chatwoot_pulls(app, kind, id, state, plan, progress, started) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) "
                + "ON CONFLICT DO UPDATE SET id = ?3, state = ?4, plan = ?5, progress = ?6, started = ?7 WHERE chatwoot_pulls.state <> 0 AND chatwoot_pulls.id <> ?3",
                app, kind, row.Id, (int)row.State, row.Plan, row.Progress, row.StartedAt);
            return c.QueryFirst("SELECT id FROM chatwoot_pulls WHERE app = ?1 AND kind = ?2", found => found.GetString(0), app, kind) == row.Id;
        },
        ct);

    public Task<bool> SaveAsync(string app, string kind, string id, PullChange change, CancellationToken ct) => database.WriteAsync(
        c => c.Execute(
            "UPDATE chatwoot_pulls SET progress = COALESCE(?4, progress), plan = COALESCE(?5, plan), state = ?6 WHERE app = ?1 AND kind = ?2 AND id = ?3 AND state = 0",
            app, kind, id, change.Progress, change.Plan, (int)change.State) > 0,
        ct);
}
