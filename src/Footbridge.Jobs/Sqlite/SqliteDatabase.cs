using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Footbridge.Jobs.Sqlite;

/// <summary>One SQLite file: a single writer that groups commits, and pooled readers beside it.</summary>
/// <remarks>
/// Writes run one after the other on one thread, each in a savepoint of a shared transaction (WAL, <c>synchronous=FULL</c>):
/// a task completes only when its transaction is on disk, and one failing write undoes itself alone. Work must be short and
/// must not block. The file is held by one process: a second one gets <see cref="DatabaseInUseException"/>.
/// </remarks>
public sealed class SqliteDatabase : IAsyncDisposable
{
    private const int MaxGroup = 512;
    private readonly Channel<Work> _queue = Channel.CreateBounded<Work>(new BoundedChannelOptions(8192) { SingleReader = true });
    private readonly string _connectionString;
    private readonly FileStream _processLock;
    private readonly SqliteConnection _writer;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SqliteDatabase(string path, FileStream processLock)
    {
        _processLock = processLock;
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = true, DefaultTimeout = 30 }.ToString();
        _writer = OpenConnection();
        _thread = new Thread(RunWriter) { IsBackground = true, Name = "sqlite-writer" };
    }

    /// <summary>Opens or creates a file and takes it for this process.</summary>
    /// <exception cref="DatabaseInUseException">Another process holds it.</exception>
    public static SqliteDatabase Open(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        FileStream processLock;
        try
        {
            processLock = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new DatabaseInUseException(path, e);
        }

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
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken ct)
    {
        var item = new Work<T>(work);
        await _queue.Writer.WriteAsync(item, ct);
        return await item.Task;
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Action<SqliteConnection> work, CancellationToken ct) =>
        WriteAsync(connection => { work(connection); return true; }, ct);

    /// <summary>Reads on a pooled connection, at once, on the caller's thread; sees everything already durable.</summary>
    public T Read<T>(Func<SqliteConnection, T> work)
    {
        using var connection = OpenConnection();
        return work(connection);
    }

    public async ValueTask DisposeAsync()
    {
        if (_queue.Writer.TryComplete()) await _stopped.Task;
        _writer.Dispose();
        using (var connection = new SqliteConnection(_connectionString)) SqliteConnection.ClearPool(connection);
        await _processLock.DisposeAsync();
    }

    private SqliteConnection OpenConnection()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;";
        command.ExecuteNonQuery();
        return connection;
    }

    private void RunWriter()
    {
        var group = new List<Work>(MaxGroup);
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (group.Count < MaxGroup && _queue.Reader.TryRead(out var work)) group.Add(work);
            CommitGroup(group);
            group.Clear();
        }

        _stopped.SetResult();
    }

    private void CommitGroup(List<Work> group)
    {
        try
        {
            Execute("BEGIN IMMEDIATE");
            foreach (var work in group) RunInSavepoint(work);
            Execute("COMMIT");
        }
        catch (SqliteException e)
        {
            TryRollback();
            foreach (var work in group) work.Fail(e);
            return;
        }

        foreach (var work in group) work.Complete();
    }

    private void RunInSavepoint(Work work)
    {
        Execute("SAVEPOINT work");
        if (work.Run(_writer)) Execute("RELEASE work");
        else Execute("ROLLBACK TO work; RELEASE work");
    }

    private void TryRollback()
    {
        try
        {
            Execute("ROLLBACK");
        }
        catch (SqliteException e) when (e.SqliteErrorCode == 1)
        {
            // SQLite has rolled back by itself (disk full, I/O error): there is no transaction left to undo.
        }
    }

    private void Execute(string sql)
    {
        using var command = _writer.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private abstract class Work
    {
        public abstract bool Run(SqliteConnection connection);

        public abstract void Complete();

        public abstract void Fail(Exception error);
    }

    private sealed class Work<T>(Func<SqliteConnection, T> work) : Work
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;
        private Exception? _error;

        public Task<T> Task => _done.Task;

        public override bool Run(SqliteConnection connection)
        {
            try
            {
                _result = work(connection);
                return true;
            }
            catch (Exception e)
            {
                _error = e;
                return false;
            }
        }

        public override void Complete()
        {
            if (_error is null) _done.SetResult(_result!);
            else _done.SetException(_error);
        }

        public override void Fail(Exception error) => _done.SetException(_error ?? error);
    }
}

/// <summary>Another process holds the database file; two processes must not share one installation's data.</summary>
public sealed class DatabaseInUseException(string path, Exception inner)
    : Exception($"the database {path} is in use by another process", inner);
