using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Footbridge.Jobs.Sqlite;

/// <summary>One SQLite file: a single writer that groups commits, and readers beside it.</summary>
/// <remarks>
/// Writes run one after the other on one thread, each in a savepoint of a shared transaction (WAL, <c>synchronous=FULL</c>):
/// a task completes only when its transaction is on disk, and one failing write undoes itself alone. Work must be short, must
/// not block, and must not end the transaction. The file is held by one process: a second one gets
/// <see cref="DatabaseInUseException"/>. <see cref="SqliteStatements"/> keeps statements prepared on these connections.
/// </remarks>
public sealed class SqliteDatabase : IAsyncDisposable
{
    private const int MaxGroup = 512;
    private const int MaxIdleReaders = 8;
    private readonly Channel<SqliteWork> _queue = Channel.CreateBounded<SqliteWork>(
        new BoundedChannelOptions(8192) { SingleReader = true, AllowSynchronousContinuations = true });
    private readonly ConcurrentBag<SqliteConnection> _idleReaders = [];
    private readonly string _connectionString;
    private readonly FileStream _processLock;
    private readonly SqliteConnection _writer;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _disposed;

    private SqliteDatabase(string path, FileStream processLock)
    {
        _processLock = processLock;
        // Without the driver's pool: it would reset a connection, and its prepared statements, at every use.
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 30 }.ToString();
        _writer = OpenConnection(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            + "PRAGMA cache_size=-16000; PRAGMA wal_autocheckpoint=4000;");
        _thread = new Thread(RunWriter) { IsBackground = true, Name = "sqlite-writer" };
    }

    /// <summary>Opens or creates a file and takes it for this process.</summary>
    /// <exception cref="DatabaseInUseException">Another process holds it.</exception>
    public static SqliteDatabase Open(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var processLock = TakeLock(path);
        try
        {
            var database = new SqliteDatabase(path, processLock);
            database._thread.Start();
            return database;
        }
        catch
        {
            processLock.Dispose();
            throw;
        }
    }

    /// <summary>Runs a write in its turn; the task completes when it is durable, or with what the work threw.</summary>
    /// <param name="ct">Takes the work back as long as it has not begun; after that its result is awaited all the same.</param>
    /// <exception cref="ObjectDisposedException">The database is closed.</exception>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken ct)
    {
        var item = new SqliteWork<T>(work, ct);
        if (!_queue.Writer.TryWrite(item))
        {
            try
            {
                await _queue.Writer.WriteAsync(item, ct);
            }
            catch (ChannelClosedException e)
            {
                throw new ObjectDisposedException("the database is closed", e);
            }
        }

        return await item.Task;
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Action<SqliteConnection> work, CancellationToken ct) =>
        WriteAsync(connection => { work(connection); return true; }, ct);

    /// <summary>Reads at once, on the caller's thread; sees everything already durable. The connection refuses writes.</summary>
    public T Read<T>(Func<SqliteConnection, T> work)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_idleReaders.TryTake(out var connection)) connection = OpenConnection("PRAGMA query_only=ON;");
        var isSound = false;
        try
        {
            var result = work(connection);
            isSound = true;
            return result;
        }
        finally
        {
            if (isSound && !_disposed && _idleReaders.Count < MaxIdleReaders) _idleReaders.Add(connection);
            else connection.Dispose();
            if (_disposed) CloseReaders();
        }
    }

    /// <summary>Finishes the writes already handed in, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stopped.Task;
        if (_disposed) return;
        _disposed = true;
        CloseReaders();
        _writer.Dispose();
        await _processLock.DisposeAsync();
    }

    private static FileStream TakeLock(string path)
    {
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            throw new DatabaseInUseException(path, e);
        }
    }

    private SqliteConnection OpenConnection(string pragmas)
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = pragmas + "PRAGMA temp_store=MEMORY;";
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void CloseReaders()
    {
        while (_idleReaders.TryTake(out var reader)) reader.Dispose();
    }

    private void RunWriter()
    {
        var group = new List<SqliteWork>(MaxGroup);
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (group.Count < MaxGroup && _queue.Reader.TryRead(out var work)) group.Add(work);
            CommitGroup(group);
            group.Clear();
        }

        _stopped.SetResult();
    }

    private void CommitGroup(List<SqliteWork> group)
    {
        try
        {
            _writer.Execute("BEGIN IMMEDIATE");
            foreach (var work in group) RunInSavepoint(work);
            _writer.Execute("COMMIT");
        }
        catch (Exception e)
        {
            // Nothing of this group is on disk, whatever its parts did: every caller has to hear of it, and the thread goes on.
            var error = TryRollback() ?? e;
            foreach (var work in group) work.Fail(error);
            return;
        }

        foreach (var work in group) work.Complete();
    }

    private void RunInSavepoint(SqliteWork work)
    {
        _writer.Execute("SAVEPOINT work");
        if (work.Run(_writer))
        {
            _writer.Execute("RELEASE work");
            return;
        }

        // Fails when SQLite has rolled back the whole transaction by itself (disk full, I/O error): the group fails then.
        _writer.Execute("ROLLBACK TO work");
        _writer.Execute("RELEASE work");
    }

    private Exception? TryRollback()
    {
        try
        {
            // Autocommit is back when SQLite has rolled back by itself; there is no transaction left to undo then.
            if (SQLitePCL.raw.sqlite3_get_autocommit(_writer.Handle) == 0) _writer.Execute("ROLLBACK");
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }
}

/// <summary>Another process holds the database file; two processes must not share one installation's data.</summary>
public sealed class DatabaseInUseException(string path, Exception inner)
    : Exception($"the database {path} is in use by another process", inner);
