using Footbridge.Jobs;
using Footbridge.Jobs.Redis;
using Footbridge.Jobs.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Footbridge.SystemTests.Jobs;

public sealed class JobWorkerOnSqliteTests : JobWorkerTests
{
    private readonly TempFolder _folder = new();
    private SqliteDatabase? _database;

    protected override async Task<(IJobStore Store, IJobMonitor Monitor)> OpenAsync(TimeProvider time)
    {
        _database = SqliteDatabase.Open(_folder.File("jobs.db"));
        var store = await SqliteJobStore.OpenAsync(_database, time, null, Ct);
        return (store, store.OpenMonitor());
    }

    protected override async Task CloseAsync() => await _database!.DisposeAsync();

    protected override Task StealAsync(string id) =>
        _database!.WriteAsync(connection => { connection.Execute("UPDATE jobs SET token = token + 1000 WHERE id = ?1", id); }, Ct);
}

public sealed class JobWorkerOnRedisTests : JobWorkerTests
{
    // A record's thirteenth field is its token (base.lua).
    private const string Steal = "local j = cmsgpack.unpack(redis.call('HGET', KEYS[1], ARGV[1])) j[13] = j[13] + 1000 redis.call('HSET', KEYS[1], ARGV[1], cmsgpack.pack(j))";
    private readonly string _prefix = $"worker-{Guid.NewGuid():N}";
    private RedisConnection? _connection;
    private RedisJobStore? _store;

    protected override async Task<(IJobStore Store, IJobMonitor Monitor)> OpenAsync(TimeProvider time)
    {
        var server = await RedisServer.SharedAsync();
        _connection = await RedisConnection.OpenAsync(server.Address, null, NullLogger.Instance, Ct);
        _store = await RedisJobStore.OpenAsync(_connection, time, new RedisJobStoreOptions { Prefix = _prefix }, NullLogger.Instance, Ct);
        return (_store, _store.OpenMonitor());
    }

    protected override async Task CloseAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        if (_connection is not null) await _connection.DisposeAsync();
    }

    protected override Task StealAsync(string id) => _connection!.Database.ScriptEvaluateAsync(Steal, [$"{{{_prefix}}}:jobs"], [id]);
}
