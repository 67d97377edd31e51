using System.Text.Json.Nodes;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Api;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps;

/// <summary>The apps of all sessions: in the database, and in memory for those who look often.</summary>
internal sealed class AppRegistry(SqliteDatabase database, ChatwootSetup setup, Locales locales) : IAppSource
{
    private volatile Dictionary<string, AppRecord> _apps = [];

    /// <summary>Raised after an app was created, changed or deleted.</summary>
    public event Action? Changed;

    public ValueTask<AppRecord?> FindAsync(string id, CancellationToken ct) => new(Find(id));

    public AppRecord? Find(string id) => _apps.GetValueOrDefault(id);

    public IReadOnlyList<AppRecord> All => [.. _apps.Values.OrderBy(app => app.Id, StringComparer.Ordinal)];

    public IReadOnlyList<AppRecord> Of(string session) => [.. _apps.Values.Where(app => app.Session == session).OrderBy(app => app.Id, StringComparer.Ordinal)];

    public void Reload()
    {
        _apps = Read();
        Changed?.Invoke();
    }

    private Dictionary<string, AppRecord> Read() => database.Read(c => c.Query(
        "SELECT id, session, app, enabled, config FROM apps",
        row => new AppRecord(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3) != 0, JsonNode.Parse(row.GetString(4))!.AsObject())))
        .ToDictionary(app => app.Id, StringComparer.Ordinal);

    /// <summary>Creates an app after its side in Chatwoot has been set up.</summary>
    public async Task<AppRecord> CreateAsync(AppRecord app, CancellationToken ct)
    {
        if (Find(app.Id) is not null) throw new RuleException($"App '{app.Id}' already exists");
        if (Of(app.Session).Any(other => other.App == app.App)) throw new RuleException($"Session '{app.Session}' already has an app '{app.App}'");
        if (app is { Enabled: true, App: AppRecord.Chatwoot }) await setup.ConnectAsync(app, ct);
        await SaveAsync(app, ct);
        if (app.App == AppRecord.Chatwoot) await setup.BeginAsync(app.Id, ct);
        return app;
    }

    public async Task<AppRecord> UpsertAsync(AppRecord app, CancellationToken ct)
    {
        if (Find(app.Id) is not { } former) return await CreateAsync(app, ct);
        if (former.Session != app.Session || former.App != app.App) throw new RuleException("An app's session and type cannot be changed; delete it and create another");
        if (former.Enabled == app.Enabled && JsonNode.DeepEquals(former.Config, app.Config)) return former;
        if (app.App != AppRecord.Chatwoot)
        {
            await SaveAsync(app, ct);
            return app;
        }

        if (app.Enabled) await setup.UpdateAsync(former, app, ct);
        else if (former.Enabled) await setup.LeaveAsync(former, ct);
        await SaveAsync(app, ct);
        return app;
    }

    /// <summary>Keeps other settings of the same place, without a word in Chatwoot: what is put right by itself is no news to agents.</summary>
    public async Task AmendAsync(string id, Func<JsonObject, JsonObject> change, CancellationToken ct)
    {
        if (Find(id) is not { } app) return;
        var amended = app with { Config = change((JsonObject)app.Config.DeepClone()) };
        if (!JsonNode.DeepEquals(app.Config, amended.Config)) await SaveAsync(amended, ct);
    }

    public async Task<bool> DeleteAsync(string id, CancellationToken ct)
    {
        if (Find(id) is not { } app) return false;
        if (app is { Enabled: true, App: AppRecord.Chatwoot }) await setup.LeaveAsync(app, ct);
        await setup.ForgetAsync(id, ct);
        await database.WriteAsync(c =>
        {
            foreach (var sql in new[] { "DELETE FROM chatwoot_messages WHERE app = ?1", "DELETE FROM chatwoot_receipts WHERE app = ?1", "DELETE FROM chatwoot_changes WHERE app = ?1", "DELETE FROM chatwoot_pulls WHERE app = ?1", "DELETE FROM apps WHERE id = ?1" }) c.Execute(sql, id);
        }, ct);
        Reload();
        return true;
    }

    /// <summary>Makes a session's apps exactly those given.</summary>
    public async Task<IReadOnlyList<AppRecord>> SyncAsync(string session, JsonArray wanted, CancellationToken ct)
    {
        var kept = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in wanted)
        {
            var body = node as JsonObject ?? throw new InvalidRequestException("apps must hold objects");
            var type = Body.Text(body, "app");
            var id = Body.Text(body, "id") ?? Of(session).FirstOrDefault(a => a.App == type)?.Id;
            var app = AppRequest.Read(body, session, id, locales, Of(session).FirstOrDefault(a => a.Id == id));
            kept.Add((await UpsertAsync(app, ct)).Id);
        }

        foreach (var extra in Of(session).Where(app => !kept.Contains(app.Id))) await DeleteAsync(extra.Id, ct);
        return Of(session);
    }

    private async Task SaveAsync(AppRecord app, CancellationToken ct)
    {
        await database.WriteAsync(c => c.Execute(
            "INSERT INTO apps(id, session, app, enabled, config) VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET enabled = ?4, config = ?5",
            app.Id, app.Session, app.App, app.Enabled ? 1 : 0, app.Config.ToJsonString()), ct);
        Reload();
    }
}
