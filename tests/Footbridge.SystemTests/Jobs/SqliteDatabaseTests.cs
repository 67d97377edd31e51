using Footbridge.Jobs.Sqlite;
using Microsoft.Data.Sqlite;

namespace Footbridge.SystemTests.Jobs;

public sealed class SqliteDatabaseTests
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_owner_of_the_file_is_refused_until_the_first_lets_go()
    {
        var path = _folder.File("data.db");
        var first = SqliteDatabase.Open(path);
        Assert.Throws<DatabaseInUseException>(() => SqliteDatabase.Open(path));
        await first.DisposeAsync();
        await first.DisposeAsync();
        await SqliteDatabase.Open(path).DisposeAsync();
    }

    [Fact]
    public async Task A_failing_write_undoes_itself_alone()
    {
        await using var database = await OpenAsync();
        var writes = Enumerable.Range(0, 300).Select(i => database.WriteAsync(
            connection =>
            {
                connection.Execute("INSERT INTO numbers(n) VALUES(?1)", i);
                if (i % 3 == 0) throw new InvalidDataException("every third");
                return i;
            },
            Ct)).ToArray();
        await Task.WhenAll(writes).ContinueWith(_ => { }, Ct, TaskContinuationOptions.None, TaskScheduler.Default);
        for (var i = 0; i < writes.Length; i++)
        {
            if (i % 3 == 0) await Assert.ThrowsAsync<InvalidDataException>(() => writes[i]);
            else Assert.Equal(i, await writes[i]);
        }

        Assert.Equal(Enumerable.Range(0, 300).Where(i => i % 3 != 0), Numbers(database));
    }

    [Fact]
    public async Task A_write_that_breaks_the_shared_transaction_is_reported_and_the_writer_goes_on()
    {
        await using var database = await OpenAsync();
        await Assert.ThrowsAsync<SqliteException>(() => database.WriteAsync(
            connection =>
            {
                connection.Execute("INSERT INTO numbers(n) VALUES(1)");
                connection.Execute("ROLLBACK");
            },
            Ct));
        await database.WriteAsync(connection => { connection.Execute("INSERT INTO numbers(n) VALUES(2)"); }, Ct);
        Assert.Equal([2], Numbers(database));
    }

    [Fact]
    public async Task A_failed_commit_fails_its_writes_and_leaves_nothing_behind()
    {
        await using var database = await OpenAsync();
        await database.WriteAsync(
            connection =>
            {
                connection.Execute("CREATE TABLE parents(id INTEGER PRIMARY KEY)");
                connection.Execute("CREATE TABLE children(parent INTEGER REFERENCES parents(id) DEFERRABLE INITIALLY DEFERRED)");
            },
            Ct);
        await Assert.ThrowsAsync<SqliteException>(
            () => database.WriteAsync(connection => { connection.Execute("INSERT INTO children(parent) VALUES(1)"); }, Ct));
        await database.WriteAsync(connection => { connection.Execute("INSERT INTO numbers(n) VALUES(1)"); }, Ct);
        Assert.Equal(0, database.Read(connection => connection.QueryFirst("SELECT COUNT(*) FROM children", row => row.GetInt32(0))));
        Assert.Equal([1], Numbers(database));
    }

    [Fact]
    public async Task A_write_cancelled_before_its_turn_does_not_run()
    {
        await using var database = await OpenAsync();
        using var cancel = new CancellationTokenSource();
        using var hold = new ManualResetEventSlim();
        var first = database.WriteAsync(_ => hold.Wait(Ct), Ct);
        var second = database.WriteAsync(connection => { connection.Execute("INSERT INTO numbers(n) VALUES(1)"); }, cancel.Token);
        await cancel.CancelAsync();
        hold.Set();
        await first;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Empty(Numbers(database));
    }

    [Fact]
    public async Task Closing_finishes_what_was_handed_in_and_refuses_what_comes_later()
    {
        var database = await OpenAsync();
        var writes = Enumerable.Range(0, 100)
            .Select(i => database.WriteAsync(connection => { connection.Execute("INSERT INTO numbers(n) VALUES(?1)", i); }, Ct)).ToArray();
        await database.DisposeAsync();
        await Task.WhenAll(writes);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => database.WriteAsync(_ => { }, Ct));
        Assert.Throws<ObjectDisposedException>(() => database.Read(_ => 0));
        await using var again = SqliteDatabase.Open(_folder.File("data.db"));
        Assert.Equal(Enumerable.Range(0, 100), Numbers(again));
    }

    [Fact]
    public async Task A_reader_cannot_write()
    {
        await using var database = await OpenAsync();
        Assert.Throws<SqliteException>(() => database.Read(connection => connection.Execute("INSERT INTO numbers(n) VALUES(1)")));
    }

    private async Task<SqliteDatabase> OpenAsync()
    {
        var database = SqliteDatabase.Open(_folder.File("data.db"));
        await database.WriteAsync(connection => { connection.Execute("CREATE TABLE IF NOT EXISTS numbers(n INTEGER)"); }, Ct);
        return database;
    }

    private static List<int> Numbers(SqliteDatabase database) =>
        database.Read(connection => connection.Query("SELECT n FROM numbers ORDER BY n", row => row.GetInt32(0)));
}
