using Footbridge.Engine.Store;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Storage;
using Footbridge.SystemTests.Jobs;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Footbridge.SystemTests.Storage;

public sealed class HousekeeperTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private SqliteDatabase _database = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = SqliteDatabase.Open(_folder.File("footbridge.db"));
        await Schema.MigrateAsync(_database, Ct);
        await _database.WriteAsync(c =>
        {
            c.Execute("INSERT INTO sessions(name, config, wanted, created) VALUES('shop', '{}', 1, 0)");
            c.Execute("INSERT INTO apps(id, session, app, enabled, config) VALUES('app', 'shop', 'chatwoot', 1, '{}')");
        }, Ct);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Ids_already_seen_go_after_fifteen_days_and_keys_and_sessions_stay()
    {
        await PutAsync(StateKind.Seen, 1200);
        await PutAsync(StateKind.Session, 3);
        await PutAsync(StateKind.PreKey, 3);
        _time.Advance(TimeSpan.FromDays(10));
        await PutAsync(StateKind.Outbox, 5);
        await using var housekeeper = new Housekeeper(_database, new(_database), new(), _time, NullLogger<Housekeeper>.Instance);
        Assert.Equal(0, await housekeeper.SweepAsync(Ct));
        _time.Advance(TimeSpan.FromDays(6));
        Assert.Equal(1200, await housekeeper.SweepAsync(Ct));
        Assert.Equal(0, await housekeeper.SweepAsync(Ct));
        var left = _database.Read(c => c.Query("SELECT kind, COUNT(*) FROM device_state GROUP BY kind ORDER BY kind", row => (row.GetInt32(0), row.GetInt32(1))));
        Assert.Equal([((int)StateKind.Session, 3), ((int)StateKind.PreKey, 3), ((int)StateKind.Outbox, 5)], left);
    }

    [Fact]
    public async Task Pairs_of_messages_go_after_a_year()
    {
        await PairAsync("old");
        _time.Advance(TimeSpan.FromDays(300));
        await PairAsync("young");
        _time.Advance(TimeSpan.FromDays(66));
        await using var housekeeper = new Housekeeper(_database, new(_database), new(), _time, NullLogger<Housekeeper>.Instance);
        Assert.Equal(1, await housekeeper.SweepMessagesAsync("app", Ct));
        Assert.Equal(["young"], _database.Read(c => c.Query("SELECT wa_id FROM chatwoot_messages", row => row.GetString(0))));
    }

    private Task PutAsync(StateKind kind, int count) => _database.WriteAsync(c =>
    {
        for (var i = 0; i < count; i++)
        {
            c.Execute(
                "INSERT INTO device_state(account, kind, key, value, updated) VALUES('shop', ?1, ?2, ?3, ?4)",
                (int)kind, $"{kind}-{i}", new byte[] { 1 }, _time.GetUtcNow().ToUnixTimeSeconds());
        }
    }, Ct);

    private Task PairAsync(string id) => _database.WriteAsync(c => c.Execute(
        "INSERT INTO chatwoot_messages(app, wa_id, chat, from_me, conversation, cw_id, ack, updated) VALUES('app', ?1, 'chat', 0, 1, 1, 99, ?2)",
        id, _time.GetUtcNow().ToUnixTimeSeconds()), Ct);
}
